import { PanopticonError } from "../../domain/error.ts";

/** Throws `invalid_input` for credentials that no header can carry, without repeating them. */
export function toCredentialHeaders(headers: Record<string, string>, tracker: string): Headers {
  try {
    return new Headers(headers);
  } catch {
    throw new PanopticonError("invalid_input", "The credentials hold characters that cannot be sent.", {
      tracker,
      hint: "Copy the token again; it has letters, digits and a few signs only.",
    });
  }
}
