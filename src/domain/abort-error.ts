import { isPanopticonError, PanopticonError } from "./error.ts";

/** What a request that its caller called off ends with: the caller's own reason where that is a PanopticonError, else `busy`. */
export function abortError(signal: AbortSignal): PanopticonError {
  if (isPanopticonError(signal.reason)) return signal.reason;
  return new PanopticonError("busy", "The request was canceled.", { cause: signal.reason });
}
