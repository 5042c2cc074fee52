/** Surrogates; lone ones can occur only as escapes. */
const halves = /\\u[dD][89a-fA-F]/;

/** Parses external JSON. Lone surrogates, which JSON allows but neither URLs nor databases accept, become U+FFFD. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  if (!halves.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
}
