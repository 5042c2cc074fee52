import { PanopticonError } from "../../domain/error.ts";

/** Valid field values, without line breaks: https://httpwg.org/specs/rfc9110.html#fields.values. */
const value = /^[\t\x20-\x7E\x80-\xFF]*$/;

/** The headers with lowercase names. Throws `invalid_input` for credentials that no header can carry; the message does not repeat them. */
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
