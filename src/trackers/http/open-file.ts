import type { Clock } from "../../domain/clock.ts";
import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import { liesIn } from "../../domain/file-place.ts";
import { abortError } from "../../domain/abort-error.ts";
import type { FileHost, HttpPolicy, OpenedFile } from "./http-client.ts";
import type { Mask } from "./mask.ts";
import { toNetworkError } from "./network-error.ts";
import { createRateGate } from "./rate-gate.ts";
import { maxRedirects } from "./redirect.ts";
import { toStatusError } from "./status-error.ts";

/** Larger files have to be opened in the tracker itself. */
export const largestFileBytes = 100 * 1024 * 1024;

/** From the first request to the last byte, so that a slow server does not hold a slot forever. */
const defaultDeadlineMs = 120_000;

/** Separate from the limit of the sync: a page full of images must not delay the sync, nor the sync the images. */
const filesAtOnce = 6;

const redirecting = new Set([301, 302, 303, 307, 308]);

/** The file host that a URL matches; undefined if there is none, and for a URL with a user name or password. */
export function findFileHost(hosts: readonly FileHost[], url: URL): FileHost | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  if (url.username !== "" || url.password !== "") return undefined;
  return hosts.find(({ origin, path = "/" }) => liesIn({ origin, path }, url));
}

/**
 * Opens files for one connection. URLs are compared by scheme, host and port before anything is resolved or sent. Each redirect is checked again, and only
 * hosts with `login` receive the credentials.
 */
export function createFileOpener(options: {
  readonly policy: Pick<HttpPolicy, "tracker" | "label">;
  readonly hosts: readonly FileHost[];
  readonly credentials: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly mask: Mask;
  readonly deadlineMs?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** Called with each request and its outcome. */
  readonly onRequest: (request: { url: string; outcome: number | string; ms: number }) => void;
}): (url: string, request?: { readonly signal?: AbortSignal | undefined }) => Promise<OpenedFile> {
  const { policy, hosts, mask, clock } = options;
  const { tracker } = policy;
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  const maxBytes = options.maxBytes ?? largestFileBytes;
  const gate = createRateGate({ clock, concurrency: filesAtOnce, policy });

  return async (text, { signal } = {}) => {
    const leave = await gate.enter({ patienceMs: deadlineMs, signal });
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(tooSlow(text)), deadlineMs);
    const aborts = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
    const end = () => {
      clearTimeout(timer);
      leave();
    };
    try {
      const response = await follow(text, aborts);
      const size = readSize(response.headers);
      if (size !== null && size > maxBytes) {
        await response.body?.cancel();
        throw tooLarge(response.url);
      }
      return {
        stream: limit(response.body ?? new Blob([]).stream(), { maxBytes, error: tooLarge(response.url), end }),
        contentType: response.headers.get("content-type"),
        size,
      };
    } catch (error) {
      end();
      if (deadline.signal.aborted) throw toPanopticonError(deadline.signal.reason);
      throw signal?.aborted ? abortError(signal) : error;
    }
  };

  async function follow(text: string, signal: AbortSignal): Promise<Response> {
    let url = URL.parse(text);
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const host = url === null ? undefined : findFileHost(hosts, url);
      if (url === null || host === undefined) throw outside(url?.origin ?? null, hop > 0);
      const response = await send(url, host, signal);
      if (!redirecting.has(response.status)) {
        if (response.ok) return response;
        const words = response.headers.get("content-type")?.startsWith("text/plain") ? await start(response) : "";
        await response.body?.cancel().catch(() => undefined);
        throw toStatusError(
          { status: response.status, text: mask(words) },
          { tracker, request: mask(`GET ${url.href}`), host: url.host },
        );
      }
      await response.body?.cancel();
      url = URL.parse(response.headers.get("location") ?? "", url.href);
    }
    throw new PanopticonError("invalid_response", "The file's address redirects in a loop.", {
      tracker,
      hint: "Open it in the tracker.",
    });
  }

  async function send(url: URL, host: FileHost, signal: AbortSignal): Promise<Response> {
    const headers = new Headers(host.login ? options.credentials : {});
    headers.set("user-agent", options.userAgent);
    headers.set("accept", "*/*");
    const startedAt = performance.now();
    const note = (outcome: number | string) =>
      options.onRequest({ url: url.href, outcome, ms: performance.now() - startedAt });
    try {
      const response = await fetch(url, { headers, redirect: "manual", signal });
      note(response.status);
      return response;
    } catch (cause) {
      note("failed");
      if (signal.aborted) throw cause;
      throw toNetworkError(cause, { tracker, host: url.host, request: mask(`GET ${url.href}`), mask }).error;
    }
  }

  function outside(origin: string | null, redirected: boolean): PanopticonError {
    const where = origin === null || origin === "null" ? "an address that is none" : mask(origin);
    return new PanopticonError(
      "forbidden",
      redirected
        ? `The file's address redirects to ${where}, where this tracker keeps no files.`
        : `This tracker keeps no files at ${where}.`,
      // Without the tracker's name: the tracker was not asked.
      { hint: "Open it in the tracker or by its own address." },
    );
  }

  function tooLarge(url: string): PanopticonError {
    return new PanopticonError(
      "invalid_response",
      `The file is larger than ${Math.floor(maxBytes / 1024 / 1024)} megabytes.`,
      { tracker, hint: "Open it in the tracker.", request: mask(`GET ${url}`) },
    );
  }

  function tooSlow(url: string): PanopticonError {
    return new PanopticonError("timeout", `The file did not arrive within ${Math.round(deadlineMs / 1000)} seconds.`, {
      tracker,
      hint: "Try again, or open it in the tracker.",
      request: mask(`GET ${url}`),
    });
  }
}

function readSize(headers: Headers): number | null {
  // The stated length is that of the compressed body.
  if (headers.has("content-encoding")) return null;
  const text = headers.get("content-length");
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

/** The start of a response's text, for an error message. */
async function start(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const first = await reader?.read().catch(() => undefined);
  reader?.releaseLock();
  return new TextDecoder().decode(first?.value).slice(0, 300);
}

/** Passes a stream through, fails past the size limit, and calls `end` once however the stream ends. */
function limit(
  source: ReadableStream<Uint8Array>,
  options: { readonly maxBytes: number; readonly error: PanopticonError; readonly end: () => void },
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let passed = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          options.end();
          controller.close();
          return;
        }
        passed += value.byteLength;
        if (passed > options.maxBytes) throw options.error;
        controller.enqueue(value);
      } catch (error) {
        options.end();
        controller.error(error);
        await reader.cancel(error).catch(() => undefined);
      }
    },
    async cancel(reason) {
      options.end();
      await reader.cancel(reason);
    },
  });
}
