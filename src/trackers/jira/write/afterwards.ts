import { PanopticonError } from "../../../domain/error.ts";

/**
 * What is read after a write was carried out: whatever its failure is called, the write is done. Throws `invalid_response`, so that it is looked for instead of
 * being sent again.
 */
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
