import { PanopticonError } from "../../../domain/error.ts";

/** Reads after a write was carried out. Any failure is thrown as `invalid_response`, so that the result is searched for instead of being sent again. */
export async function afterwards<T>(what: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (cause) {
    throw new PanopticonError("invalid_response", `Jira ${what}, and then did not show it.`, {
      tracker: "jira",
      hint: "Panopticon looks for it; nothing is sent twice.",
      cause,
    });
  }
}
