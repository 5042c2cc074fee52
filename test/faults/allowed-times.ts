import assert from "node:assert/strict";
import type { RecordedRequest } from "../../emulators/emulator.ts";

/** Asserts that nothing was sent while a tracker's response forbade it; all times are the tracker's, so the machine's clock does not matter. */
export function assertAllowed(requests: readonly RecordedRequest[]): void {
  let allowedAt = 0;
  let saidAt = -1;
  for (const request of requests) {
    // Concurrent requests are refused together.
    const isTogether = request.at === saidAt;
    assert.ok(
      request.at >= allowedAt || isTogether,
      `${request.method} ${request.url} was sent ${allowedAt - request.at} ms before it was allowed`,
    );
    const until = allowedAgain(request);
    if (until === null) continue;
    allowedAt = Math.max(allowedAt, until);
    saidAt = request.at;
  }
}

/** When a rate-limit refusal permits the next request; null for any other response. */
export function allowedAgain({
  status,
  answerHeaders: headers,
  at,
}: Pick<RecordedRequest, "status" | "answerHeaders" | "at">): number | null {
  const isLinear = "x-ratelimit-requests-remaining" in headers || "x-ratelimit-complexity-remaining" in headers;
  if (status !== 429 && !(status === 403 && "x-ratelimit-used" in headers) && !(status === 400 && isLinear))
    return null;
  const after = headers["retry-after"];
  if (after !== undefined) return at + Number(after) * 1000;
  const resets = [
    [headers["x-ratelimit-requests-remaining"], headers["x-ratelimit-requests-reset"], 1],
    [headers["x-ratelimit-complexity-remaining"], headers["x-ratelimit-complexity-reset"], 1],
    [headers["x-ratelimit-remaining"], headers["x-ratelimit-reset"], 1000],
    [headers["ratelimit-remaining"], headers["ratelimit-reset"], 1000],
  ] as const;
  const empty = resets.filter(([remaining, reset]) => remaining === "0" && reset !== undefined);
  const times = empty.map(([, reset = "", unit]) => (/^\d+$/.test(reset) ? Number(reset) * unit : Date.parse(reset)));
  // https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api: without a hint, at least a minute.
  if (times.length > 0) return Math.max(...times);
  return status === 400 ? null : at + 60_000;
}
