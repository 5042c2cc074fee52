import { PanopticonError } from "../domain/error.ts";

/** What is looked up before a write: its failures say that the write was not sent. */
export async function beforehand<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof PanopticonError) || error.notSent) throw error;
    const { code, message, hint, tracker, retryAt, request, candidates, choices, cause, field } = error;
    const details = { hint, tracker, retryAt, request, candidates, choices, cause, field, notSent: true };
    throw new PanopticonError(code, message, details);
  }
}
