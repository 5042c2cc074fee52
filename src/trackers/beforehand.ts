import { PanopticonError } from "../domain/error.ts";

/** Runs a lookup that precedes a write; its errors are marked `notSent`. */
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
