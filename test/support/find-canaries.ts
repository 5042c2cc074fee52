/** A planted secret, and its name in findings. */
export type Canary = { readonly name: string; readonly secret: string };

/** Runs of characters that may be base64, in either alphabet. */
const encodedRun = /[A-Za-z0-9+/_-]{12,}/g;

/**
 * Finds planted secrets in a text (for bytes: as latin1), as `NAME in FORM`: plain, percent-encoded once or twice, JSON-escaped once or twice, hexadecimal, and
 * base64, alone or anywhere within longer data. Base64 is decoded rather than compared with an encoded form, so that it shares nothing with the masking code.
 */
export function findCanaries(text: string, canaries: readonly Canary[]): string[] {
  const decoded = decodeRuns(text);
  return canaries.flatMap(({ name, secret }) => {
    const quoted = JSON.stringify(secret).slice(1, -1);
    const forms: readonly (readonly [form: string, written: string])[] = [
      ["plain text", secret],
      ["percent-encoding", encodeURIComponent(secret)],
      ["percent-encoding twice", encodeURIComponent(encodeURIComponent(secret))],
      ["JSON", quoted],
      ["JSON within JSON", JSON.stringify(quoted).slice(1, -1)],
      ["hexadecimal", Buffer.from(secret).toString("hex")],
    ];
    const lower = text.toLowerCase();
    const found = forms.filter(([form, written]) =>
      form === "plain text" || form.startsWith("JSON") ? text.includes(written) : lower.includes(written.toLowerCase()),
    );
    if (decoded.includes(secret)) found.push(["base64", ""]);
    return [...new Set(found.map(([form]) => `${name} in ${form}`))];
  });
}

/** Decodes every run from each of the four possible offsets. */
function decodeRuns(text: string): string {
  const runs = text.match(encodedRun) ?? [];
  return runs
    .flatMap((run) => [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), "base64").toString("latin1")))
    .join("\n");
}
