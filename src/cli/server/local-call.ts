export type LocalAnswer = { readonly status: number; readonly text: string };

export type LocalRequest = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange; default: no limit. */
  readonly timeoutMs?: number;
};

/**
 * Sends an HTTP request to a server on this machine and reads the whole response; does not follow redirects. Rejects with an error that has a code, like
 * Node's, if there is no response, none in time, or none in HTTP. Uses HTTP/1.0, where each connection is one exchange and responses are not chunked (RFC 9112,
 * 6.1 and 9.3): sufficient here, and it saves a tenth of a listing's time compared with loading `node:http`; `fetch` takes several times that.
 */
export function callLocally(url: string, request: LocalRequest = {}): Promise<LocalAnswer> {
  const { timeoutMs } = request;
  const { hostname, port } = new URL(url);
  const bytes = toBytes(url, request);
  const { promise, resolve, reject } = Promise.withResolvers<LocalAnswer>();
  const socket = process.getBuiltinModule("node:net").connect(Number(port || 80), hostname.replace(/^\[|\]$/g, ""));
  const fail = (code: string, message: string) => socket.destroy(Object.assign(new Error(message), { code }));
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => fail("ETIMEDOUT", `No response within ${timeoutMs} ms.`), timeoutMs);

  const chunks: Buffer[] = [];
  let size = 0;
  let head: Head | null = null;
  const finish = ({ status, end }: Head) => {
    resolve({ status, text: Buffer.concat(chunks).subarray(end).toString("utf8") });
    socket.destroy();
  };
  socket
    .on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      head ??= readHead(Buffer.concat(chunks));
      if (head === null && size > maxHeadBytes) fail("EPROTO", "The response is not HTTP.");
      // With a known length, do not wait for the connection to close.
      else if (head !== null && size >= head.end + head.length) finish(head);
    })
    .once("end", () => {
      if (head?.length === Infinity) finish(head);
      else fail("ECONNRESET", "The response ended early.");
    })
    .once("error", reject)
    .once("close", () => clearTimeout(timer));
  socket.write(bytes);
  return promise;
}

const maxHeadBytes = 64 * 1024;

function toBytes(url: string, { method = "GET", headers = {}, body }: LocalRequest): string {
  const { host, pathname, search } = new URL(url);
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const fields = Object.entries({ host, ...headers, ...length }).map(([name, value]) => `${name}: ${value}`);
  const lines = [`${method} ${pathname}${search} HTTP/1.0`, ...fields];
  // A line break in a value would inject a header or a request.
  if (!lines.every((line) => /^[\x20-\x7E]+$/.test(line))) throw new TypeError(`${method} ${pathname} cannot be sent.`);
  return `${lines.join("\r\n")}\r\n\r\n${body ?? ""}`;
}

/** `end`: where the body starts; `length`: the body's bytes, or Infinity if it ends with the connection. */
type Head = { readonly status: number; readonly end: number; readonly length: number };

/** null: incomplete. */
function readHead(bytes: Buffer): Head | null {
  const last = bytes.indexOf("\r\n\r\n");
  if (last < 0) return null;
  const text = bytes.toString("latin1", 0, last);
  const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(text)?.[1];
  const length = /\r\ncontent-length:[ \t]*(\d+)[ \t]*(?:\r\n|$)/i.exec(text)?.[1];
  return status === undefined
    ? null
    : { status: Number(status), end: last + 4, length: length === undefined ? Infinity : Number(length) };
}
