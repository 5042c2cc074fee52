import type { ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import { systemClock } from "../../domain/clock.ts";
import { PanopticonError } from "../../domain/error.ts";
import { type Seen, startLocalServer } from "../conformance/local-server.ts";
import { createHttpClient, type HttpClientOptions } from "./create-http-client.ts";
import type { HttpPolicy } from "./http-client.ts";

export const token = "s3cret-token-value";

/** A tracker that rejects with 429, with or without `retry-after` in seconds, and reports its budget of 100 in headers. */
export const policy: HttpPolicy = {
  tracker: "sample",
  label: "Sample",
  secretValues: ["token"],
  concurrency: 2,
  baseUrl: (values) => values["server"] ?? "",
  headers: (values) => ({ authorization: `Bearer ${values["token"] ?? ""}` }),
  fileHosts: () => [],
  readBudget({ headers }) {
    const remaining = headers.get("x-remaining");
    const reset = headers.get("x-reset");
    return remaining === null
      ? null
      : { limit: 100, remaining: Number(remaining), resetAt: reset === null ? null : Number(reset) };
  },
  readFailure({ status, headers }, context) {
    if (status !== 429) return null;
    const seconds = headers.get("retry-after");
    const waitMs = seconds === null ? 60_000 * 2 ** (context.attempt - 1) : Number(seconds) * 1000;
    return new PanopticonError("rate_limited", "Slow down.", { retryAt: context.now + waitMs });
  },
};

/** A client of a local server that responds as `answer` says, and the log lines. Closed when the test ends. */
export async function openClient(
  t: TestContext,
  answer: (request: Seen, response: ServerResponse, count: number) => void | Promise<void>,
  options: Partial<HttpClientOptions> = {},
) {
  const server = await startLocalServer(answer);
  t.after(() => server.close());
  const lines: string[] = [];
  const { client, monitor } = createHttpClient({
    policy,
    values: { token, server: server.url },
    clock: systemClock,
    userAgent: "Panopticon/test",
    log: (line) => lines.push(line),
    random: () => 0,
    ...options,
  });
  return { client, monitor, server, lines };
}

/** Ends a response with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
