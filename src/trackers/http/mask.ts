/** Replaces all secrets in a text. */
export type Mask = (text: string) => string;

const shown = "•••";

/** Shorter values are too common to be replaced without destroying the text. */
const shortest = 4;

/**
 * Masks the given secrets in every form they are sent in: plain, percent-encoded, escaped in JSON, and base64, alone or inside a longer text (basic
 * authentication). Also masks anything that looks like a credential: authorization headers, token parameters, user names and passwords in URLs.
 */
export function createMask(secrets: readonly string[]): Mask {
  const forms = new Set<string>();
  for (const secret of secrets.map((value) => value.trim())) {
    if (secret.length < shortest) continue;
    for (const form of formsOf(secret)) if (form.length >= shortest) forms.add(form);
  }
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => {
    let masked = text;
    for (const form of ordered) masked = masked.replaceAll(form, shown);
    return masked
      .replace(/\b(Bearer|Basic|token)(\s+)[A-Za-z0-9+/=._~-]{8,}/gi, `$1$2${shown}`)
      .replace(
        /([?&;](?:[a-z]+[-_])?(?:token|key|secret|password|signature|access_token|api_key)=)[^&\s"'<>]+/gi,
        `$1${shown}`,
      )
      .replace(/(https?:\/\/)[^/\s@"'<>]+@/gi, `$1${shown}@`)
      .replace(
        /("?(?:authorization|zsessionid|[a-z-]{1,40}-(?:token|key))"?\s*[:=]\s*"?)(?!\s*(?:Bearer|Basic)\b)[^"\s,}]+/gi,
        `$1${shown}`,
      );
  };
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  const inBase64 = [Buffer.from(secret).toString("base64"), ...withinBase64(secret)];
  return [
    secret,
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    JSON.stringify(secret).slice(1, -1),
    ...inBase64,
    ...inBase64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")),
  ];
}

/** The base64 forms of a secret inside a longer text. Three bytes become four characters, so there are three possible alignments. */
function withinBase64(secret: string): string[] {
  const bytes = Buffer.byteLength(secret);
  return [0, 1, 2].map((before) => {
    const text = Buffer.from("\0".repeat(before) + secret).toString("base64");
    // The characters at both ends also encode bits of the neighboring text.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes) * 8) / 6));
  });
}
