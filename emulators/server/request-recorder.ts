import type { RecordedRequest, RequestLog } from "../emulator.ts";

/** `list` keeps this many of the newest requests; `count` counts all since the last `clear`. */
export const recordedRequests = 20_000;

export type RequestRecorder = RequestLog & { record(request: RecordedRequest): void };

export function createRequestRecorder(): RequestRecorder {
  let entries: RecordedRequest[] = [];
  let total = 0;
  return {
    record(request) {
      total += 1;
      entries.push(request);
      if (entries.length >= recordedRequests * 2) entries = entries.slice(-recordedRequests);
    },
    list: () => entries.slice(-recordedRequests),
    clear() {
      entries = [];
      total = 0;
    },
    count: () => total,
  };
}
