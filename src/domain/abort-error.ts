import { isPanopticonError, PanopticonError } from "./error.ts";

/** The error of a request that its caller aborted: the signal's reason if that is a PanopticonError, else `busy`. */
export function abortError(signal: AbortSignal): PanopticonError {
  if (isPanopticonError(signal.reason)) return signal.reason;
  return new PanopticonError("busy", "The request was canceled.", { cause: signal.reason });
}
