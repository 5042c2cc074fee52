/** Halves of a character beyond the first 65,536: they come alone only as escapes. */
const halves = /\\u[dD][89a-fA-F]/;

/**
 * Reads what came from outside. Its texts are whole: half a character, which JSON can say and neither an address nor a database can take, becomes U+FFFD.
 * Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  if (!halves.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
}
