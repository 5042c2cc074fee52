/** A secret that was planted, and what it is called in a finding. */
export type Canary = { readonly name: string; readonly secret: string };

/** Runs of signs that may be base64, in either alphabet. */
const encodedRun = /[A-Za-z0-9+/_-]{12,}/g;

/**
 * Finds planted secrets in a text (of bytes: as latin1), as `NAME in FORM`: as they are, percent-encoded once or twice, escaped in JSON once or twice, in hexadecimal, and in
 * base64, alone or anywhere within a longer text. Base64 is decoded to be looked at, not compared with an encoded form: it shares nothing with what masks.
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

/** Every run decoded from each of the four places it can begin at. */
function decodeRuns(text: string): string {
  const runs = text.match(encodedRun) ?? [];
  return runs
    .flatMap((run) => [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), "base64").toString("latin1")))
    .join("\n");
}
