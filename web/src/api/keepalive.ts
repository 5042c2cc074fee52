/** Browsers keep at most 64 KiB of request bodies alive at once, and reject what exceeds it; their bookkeeping takes some of it. */
const mostBytes = 60_000;
/** Chromium keeps at most 20 requests of a process alive. */
const mostRequests = 16;

let bytesAlive = 0;
let requestsAlive = 0;
/** Changes in flight that end with the page. */
let perishable = 0;

/** Whether a change is in flight that is lost if the page is left now. */
export function hasPerishable(): boolean {
  return perishable > 0;
}

/**
 * Sends a change so that it outlives the page (`keepalive`), as long as the browser has room for its body; otherwise it ends with the page, and
 * `hasPerishable` says so until it is answered.
 */
export async function sendKept<T>(body: unknown, send: (keepalive: boolean) => Promise<T>): Promise<T> {
  const bytes = body === undefined ? 0 : new TextEncoder().encode(JSON.stringify(body)).length;
  const isKept = bytesAlive + bytes <= mostBytes && requestsAlive < mostRequests;
  const count = (sign: 1 | -1) => {
    if (isKept) {
      bytesAlive += sign * bytes;
      requestsAlive += sign;
    } else {
      perishable += sign;
    }
  };
  count(1);
  try {
    return await send(isKept);
  } finally {
    count(-1);
  }
}
