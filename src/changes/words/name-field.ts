import { isPanopticonError, PanopticonError } from "../../domain/error.ts";

/** Reads one part of a change; adds the name of the part to an error. */
export async function nameField<T>(field: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isPanopticonError(error) || error.field !== undefined) throw error;
    const { code, message, hint, tracker, retryAt, request, candidates, choices, notSent } = error;
    throw new PanopticonError(code, message, {
      hint,
      tracker,
      retryAt,
      request,
      candidates,
      choices,
      notSent,
      field,
      cause: error.cause ?? error,
    });
  }
}
