import { PanopticonError } from "../../domain/error.ts";

/** https://httpwg.org/specs/rfc9110.html#fields.values, without what begins a line of its own. */
const value = /^[\t\x20-\x7E\x80-\xFF]*$/;

/** The headers by their names in small letters. Throws `invalid_input` for credentials that no header can carry, without repeating them. */
export function toCredentialHeaders(
  headers: Readonly<Record<string, string>>,
  tracker: string,
): Record<string, string> {
  const fields = Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text.trim()] as const);
  if (!fields.every(([, text]) => value.test(text))) {
    throw new PanopticonError("invalid_input", "The credentials contain characters that cannot be sent.", {
      tracker,
      hint: "Copy the token again. It contains only letters, digits and a few punctuation characters.",
    });
  }
  return Object.fromEntries(fields);
}
