import { PanopticonError } from "../../domain/error.ts";
import { abortError } from "../../domain/abort-error.ts";
import { withDeadline } from "./deadline.ts";
import type { Mask } from "./mask.ts";
import { toNetworkError } from "./network-error.ts";
import { AnswerTooLargeError, largestAnswerBytes } from "./read-text.ts";
import { type Answer, sendRequest } from "./send-request.ts";

export type ExchangeResult =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly error: PanopticonError; readonly retry: boolean };

/** Sends one request and reads the whole response within the deadline. No redirects, no retries. */
export async function exchange(options: {
  readonly tracker: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  readonly request: string;
  readonly mask: Mask;
}): Promise<ExchangeResult> {
  const { tracker, method, headers, body, deadlineMs, signal, request } = options;
  const url = new URL(options.url);
  const { host } = url;
  return withDeadline(deadlineMs, signal, async (inner, expired): Promise<ExchangeResult> => {
    try {
      return { ok: true, answer: await sendRequest({ method, url, headers, body, signal: inner }) };
    } catch (cause) {
      if (expired()) {
        const error = new PanopticonError(
          "timeout",
          `${host} did not send a complete response within ${Math.round(deadlineMs / 100) / 10} seconds.`,
          { tracker, request, hint: "The tracker or the network is slow; Panopticon retries." },
        );
        return { ok: false, error, retry: true };
      }
      if (signal?.aborted) return { ok: false, error: abortError(signal), retry: false };
      if (cause instanceof AnswerTooLargeError) {
        const error = new PanopticonError(
          "invalid_response",
          `The response from ${host} is larger than ${largestAnswerBytes / 1024 / 1024} megabytes.`,
          { tracker, request, hint: "Panopticon does not accept a response that large; a smaller page may help." },
        );
        return { ok: false, error, retry: false };
      }
      return { ok: false, ...toNetworkError(cause, { tracker, host, request, mask: options.mask }) };
    }
  });
}
