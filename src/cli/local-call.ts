import type { IncomingMessage } from "node:http";

export type LocalAnswer = { readonly status: number; readonly text: string };

export type LocalRequest = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange; default: as long as it takes. */
  readonly timeoutMs?: number;
};

/**
 * Calls a server on this machine over HTTP and reads its whole answer; redirects are not followed. Throws an error of Node's when nobody answers, or not in time.
 * `fetch`, and an `import` of Node's client too, would load WebSockets and HTTP/2 first, which takes three times as long as a listing.
 */
export async function callLocally(url: string, request: LocalRequest = {}): Promise<LocalAnswer> {
  const { method = "GET", headers = {}, body, timeoutMs } = request;
  const http = process.getBuiltinModule("node:http");
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const signal = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = http.request(
    url,
    { method, headers: { ...headers, ...length, connection: "close" }, agent: false, ...(signal && { signal }) },
    resolve,
  );
  sent.once("error", reject);
  sent.end(body);
  const answer = await promise;
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") };
}
