/** Replaces everything secret in a text. */
export type Mask = (text: string) => string;

const shown = "•••";

/** Values shorter than this are too common to be replaced without destroying the text. */
const shortest = 4;

/**
 * Masks the given secrets in every form they travel in (plain, percent-encoded, base64 as in basic authentication), and whatever
 * looks like a credential besides: authorization headers, token parameters, user names and passwords in addresses.
 */
export function createMask(secrets: readonly string[]): Mask {
  const forms = new Set<string>();
  for (const secret of secrets.map((value) => value.trim())) {
    if (secret.length < shortest) continue;
    forms.add(secret);
    forms.add(encodeURIComponent(secret));
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(Buffer.from(secret).toString("base64"));
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
        /("?(?:authorization|private-token|zsessionid)"?\s*[:=]\s*"?)(?!\s*(?:Bearer|Basic)\b)[^"\s,}]+/gi,
        `$1${shown}`,
      );
  };
}
