import type { Clock } from "../../domain/clock.ts";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import { abortError } from "../../domain/abort-error.ts";
import { backoffMs, maxAttempts } from "./backoff.ts";
import { exchange } from "./exchange.ts";
import type { AnswerHeaders, HttpClient, HttpMonitor, HttpPolicy, HttpRequest, HttpResponse } from "./http-client.ts";
import { toCredentialHeaders } from "./credential-headers.ts";
import { createFileOpener } from "./open-file.ts";
import { createLimitMemory } from "./limit-memory.ts";
import { createMask } from "./mask.ts";
import { createRateGate, longestPauseMs } from "./rate-gate.ts";
import { maxRedirects, readRedirect } from "./redirect.ts";
import { createRequestLog } from "./request-log.ts";
import { toRequestUrl } from "./request-url.ts";
import { readRetryAfterMs, readServerTime } from "./retry-after.ts";
import { parseAnswer } from "./parse-answer.ts";
import { toStatusError } from "./status-error.ts";

const defaultDeadlineMs = 30_000;

export type HttpClientOptions = {
  readonly policy: HttpPolicy;
  /** The connection's credentials and server by field name. */
  readonly values: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly userAgent: string;
  /** Receives the request log; default: the `debug` package under the tracker's id. */
  readonly log?: (line: string) => void;
  /** `refuse` for unverified credentials; default `same-origin`. */
  readonly redirects?: "same-origin" | "refuse";
  readonly random?: () => number;
  /** Further secrets to mask: the secret of a webhook that is being created. */
  readonly secrets?: readonly string[];
  /** The maximum number of attempts per request; default 3. */
  readonly attempts?: number;
  /** The deadline of one attempt, from sending to the last byte of the response. */
  readonly deadlineMs?: number;
};

type Sent =
  | { readonly kind: "response"; readonly response: HttpResponse }
  | { readonly kind: "redirect"; readonly url: string }
  | { readonly kind: "failure"; readonly error: PanopticonError; readonly retryInMs: number | null };

/**
 * Opens the client of one connection. Throws `invalid_input` for an invalid server address and for credentials that cannot be sent. If a request would wait
 * longer than its deadline, it throws `rate_limited` with `retryAt` at once, so that the caller can plan.
 */
export function createHttpClient(options: HttpClientOptions): { client: HttpClient; monitor: HttpMonitor } {
  const { policy, values, clock } = options;
  const random = options.random ?? Math.random;
  const baseUrl = policy.baseUrl(values);
  const settings = Object.fromEntries(Object.entries(values).filter(([name]) => !policy.secretValues.includes(name)));
  const mask = createMask([...policy.secretValues.map((name) => values[name] ?? ""), ...(options.secrets ?? [])]);
  const log = createRequestLog(policy.tracker, mask, options.log);
  const gate = createRateGate({ clock, concurrency: policy.concurrency, policy });
  const credentials = toCredentialHeaders(policy.headers(values), policy.tracker);
  const below = Object.entries(policy.headersBelow?.(values) ?? {}).map(
    ([path, headers]) => [baseUrl + path, toCredentialHeaders(headers, policy.tracker)] as const,
  );

  const limits = createLimitMemory(policy, clock, gate);
  let sent = 0;
  const openFile = createFileOpener({
    policy,
    hosts: policy.fileHosts(values),
    credentials,
    userAgent: options.userAgent,
    clock,
    mask,
    onRequest: ({ url, outcome, ms }) => log({ method: "GET", url, body: undefined, outcome, ms, budget: null }),
  });

  async function request(request: HttpRequest): Promise<HttpResponse> {
    const method = request.method ?? "GET";
    const repeatable = request.idempotent ?? method === "GET";
    const start = toRequestUrl(baseUrl, request, policy.tracker);
    for (let attempt = 1; ; attempt++) {
      const outcome = await follow(request, method, start);
      if (outcome.kind === "response") return outcome.response;
      const { error, retryInMs } = outcome;
      // A rate-limited request was not carried out, so even a write can be sent again.
      const mayRepeat = repeatable || error.code === "rate_limited";
      if (attempt >= (options.attempts ?? maxAttempts) || retryInMs === null || !mayRepeat) throw error;
      await sleep(Math.max(retryInMs, error.code === "rate_limited" ? 0 : backoffMs(attempt, random)), request.signal);
    }
  }

  async function follow(
    request: HttpRequest,
    method: string,
    start: string,
  ): Promise<Exclude<Sent, { kind: "redirect" }>> {
    let url = start;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const outcome = await send(request, method, url);
      if (outcome.kind !== "redirect") return outcome;
      url = outcome.url;
    }
    throw new PanopticonError("invalid_response", `${mask(start)} redirects in a loop.`, {
      tracker: policy.tracker,
      hint: "Check the server's address.",
    });
  }

  async function send(request: HttpRequest, method: string, url: string): Promise<Sent> {
    const deadlineMs = request.deadlineMs ?? options.deadlineMs ?? defaultDeadlineMs;
    const leave = await gate.enter({ patienceMs: deadlineMs, signal: request.signal });
    const requestedAt = clock.now();
    const mark = limits.mark();
    const startedAt = performance.now();
    const label = mask(`${method} ${url}`);
    sent += 1;
    try {
      const result = await exchange({
        tracker: policy.tracker,
        method,
        url,
        headers: headersOf(request, url),
        body: request.body === undefined ? undefined : JSON.stringify(request.body),
        deadlineMs,
        signal: request.signal,
        request: label,
        mask,
      });
      if (result.ok) limits.learn(result.answer);
      log({
        method,
        url,
        body: request.body,
        outcome: result.ok ? result.answer.status : result.error.message,
        ms: performance.now() - startedAt,
        budget: limits.budget(),
      });
      if (!result.ok) {
        return { kind: "failure", error: result.error, retryInMs: result.retry ? 0 : null };
      }
      return judge(request, { method, url, label, requestedAt, deadlineMs, mark }, result.answer);
    } finally {
      leave();
    }
  }

  function judge(
    request: HttpRequest,
    sending: {
      readonly method: string;
      readonly url: string;
      readonly label: string;
      readonly requestedAt: number;
      readonly deadlineMs: number;
      /** The limits' mark, taken before the request was sent. */
      readonly mark: number;
    },
    answer: { status: number; headers: AnswerHeaders; text: string },
  ): Sent {
    const { method, url, label, requestedAt, deadlineMs, mark } = sending;
    const { status, headers, text } = answer;
    const context = { tracker: policy.tracker, request: label, host: new URL(url).host };
    const parsed = parseAnswer(answer, context);
    const body = parsed.ok ? parsed.body : undefined;

    const own = policy.readFailure(
      { status, headers, body, text },
      // Concurrent requests that are rejected together count once.
      { now: clock.now(), attempt: limits.attemptAfter(mark), request: label, toLocal: (ms) => limits.toLocal(ms) },
    );
    if (own?.code === "rate_limited") {
      const retryAt = believed(own.retryAt ?? clock.now());
      limits.slowDown(mark, retryAt);
      const waitMs = Math.max(0, retryAt - clock.now());
      return { kind: "failure", error: masked(own, retryAt), retryInMs: waitMs <= deadlineMs ? waitMs : null };
    }
    limits.calm(mark);

    const accepted = request.accept?.includes(status) ?? false;
    if (!accepted) {
      if (own !== null)
        return { kind: "failure", error: masked(own), retryInMs: retryDelay(status, headers, deadlineMs) };
      const redirect = readRedirectHere(status, headers, url, method);
      if (redirect !== null) return { kind: "redirect", url: redirect };
      if ((status < 200 || status > 299) && status !== 304) {
        const waitMs = statedWait(status, headers);
        const retryAt = waitMs === null ? undefined : believed(clock.now() + waitMs);
        const error = masked(toStatusError(answer, context), retryAt);
        return { kind: "failure", error, retryInMs: retryDelay(status, headers, deadlineMs) };
      }
      if (!parsed.ok) return { kind: "failure", error: masked(parsed.error), retryInMs: parsed.retry ? 0 : null };
    }
    return {
      kind: "response",
      response: { status, headers, url, body, requestedAt, serverTime: readServerTime(headers) },
    };
  }

  /**
   * Server errors are temporary. Returns the delay the server states, 0 if it states none (only the backoff applies), null if the request must not be retried.
   */
  function retryDelay(status: number, headers: AnswerHeaders, patienceMs: number): number | null {
    if (status < 500 || status === 501) return null;
    const stated = statedWait(status, headers) ?? 0;
    return stated <= patienceMs ? stated : null;
  }

  /** How long a failing server asks to be left alone; null if it does not say. */
  function statedWait(status: number, headers: AnswerHeaders): number | null {
    return status >= 500 ? readRetryAfterMs(headers) : null;
  }

  function believed(retryAt: number): number {
    return Math.min(retryAt, clock.now() + longestPauseMs);
  }

  function readRedirectHere(status: number, headers: AnswerHeaders, url: string, method: string): string | null {
    const target = readRedirect({ status, headers, url, method });
    if (target !== null && options.redirects === "refuse") {
      throw new PanopticonError(
        "invalid_input",
        `The server redirects to ${mask(target)}, which Panopticon does not follow.`,
        {
          tracker: policy.tracker,
          hint: "Use the final address, with https if the server requires it.",
        },
      );
    }
    return target;
  }

  function masked(error: PanopticonError, retryAt = error.retryAt): PanopticonError {
    const message = mask(error.message);
    const hint = error.hint === undefined ? undefined : mask(error.hint);
    if (message === error.message && hint === error.hint && retryAt === error.retryAt) return error;
    return new PanopticonError(error.code, message, {
      hint,
      tracker: error.tracker,
      retryAt,
      request: error.request === undefined ? undefined : mask(error.request),
      candidates: error.candidates,
      choices: error.choices,
      notSent: error.notSent,
    });
  }

  function headersOf(request: HttpRequest, url: string): Record<string, string> {
    const headers = { ...credentials };
    for (const [start, more] of below) if (url.startsWith(start)) Object.assign(headers, more);
    headers["user-agent"] = options.userAgent;
    if (request.body !== undefined) headers["content-type"] = "application/json";
    for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
    return headers;
  }

  async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await clock.sleep(ms, signal);
    } catch (cause) {
      if (signal?.aborted) throw abortError(signal);
      if (isPanopticonError(cause)) throw cause;
      throw new PanopticonError("internal", "Waiting for the next attempt failed.", { cause });
    }
  }

  return {
    client: { baseUrl, settings, request, openFile, serverNow: () => limits.serverNow() },
    monitor: {
      requests: () => sent,
      budget: () => limits.budget(),
      pausedUntil: () => gate.pausedUntil(),
      pauseUntil: (at) => gate.pauseUntil(at),
      onPause: (listener) => gate.onPause(listener),
      clockSetBack: (byMs) => limits.clockSetBack(byMs),
    },
  };
}
