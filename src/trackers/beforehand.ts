import { PanopticonError } from "../domain/error.ts";

/** What is looked up before a write: its failures say that the write was not sent. */
export async function beforehand<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof PanopticonError) || error.notSent) throw error;
    const { code, message, hint, tracker, retryAt, request, candidates, cause, field } = error;
    throw new PanopticonError(code, message, {
      hint,
      tracker,
      retryAt,
      request,
      candidates,
      cause,
      field,
      notSent: true,
    });
  }
}
