import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fault } from "../emulator.ts";
import type { ActiveFaults, FaultList } from "./fault-list.ts";
import type { RequestRecorder } from "./request-recorder.ts";

export type WireRequest = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Path and query. */
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type WireReply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** The delay of the response, because the tracker is busy with the caller's other requests. */
  readonly delayMs?: number;
  /** Bytes to send instead of `body`. */
  readonly content?: Uint8Array;
};

/** Handles a request. Receives the faults that the tracker itself must express (limits, revoked credentials). */
export type WireHandler = (request: WireRequest, faults: ActiveFaults) => WireReply;

export type HttpServer = { readonly origin: string; serve(parts: ServerParts): void; close(): Promise<void> };

export type ServerParts = {
  readonly handle: WireHandler;
  /** Serves pages and pictures that records link to, for people; null: not a page. Neither recorded nor subject to faults. */
  readonly page: (request: WireRequest) => WireReply | null;
  /** Handles requests below `/_emulator`, which are neither recorded nor subject to faults. */
  readonly control: (request: WireRequest) => WireReply;
  readonly faults: FaultList;
  readonly requests: RequestRecorder;
  readonly now: () => number;
};

export const controlPath = "/_emulator";

const trickledPieces = 10;

/** Listens on loopback. Requests wait until `serve` is called, because seeds need the address first. */
export async function openHttpServer(port: number): Promise<HttpServer> {
  let ready: (parts: ServerParts) => void;
  const parts = new Promise<ServerParts>((resolve) => {
    ready = resolve;
  });
  const server = createServer((message, response) => {
    parts
      .then((own) => answer(own, message, response))
      .catch((error: unknown) => {
        // A bug in an emulator must not look like a tracker's failure: log it, with a status that no fault uses.
        console.error(error);
        if (!response.headersSent) response.writeHead(599, { "Content-Type": "text/plain" });
        response.end(String(error instanceof Error ? error.stack : error));
      });
  });
  server.keepAliveTimeout = 300_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${actual}`,
    serve: (own) => ready(own),
    close: () =>
      new Promise((resolve, reject) => {
        if (!server.listening) {
          resolve();
          return;
        }
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function answer(parts: ServerParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(message);
  if (request === null) return;
  if (request.path === controlPath || request.path.startsWith(`${controlPath}/`)) {
    send(response, parts.control(request), new Date().toUTCString());
    return;
  }
  const page = parts.page(request);
  if (page !== null) {
    send(response, page, new Date().toUTCString());
    return;
  }
  const at = parts.now();
  const faults = parts.faults.take(request);
  if (faults.has("drop")) {
    response.socket?.resetAndDestroy();
    return;
  }
  const echo = faults.get("echo");
  const reply = echo ? repeatHeaders(request, echo) : breakReply(faults, () => parts.handle(request, faults));
  const slow = faults.get("slow");
  if (slow) await wait(slow.value ?? 1_000);
  if (faults.has("held")) await faults.cleared;
  if (reply.delayMs) await wait(reply.delayMs);
  parts.requests.record({
    method: request.method,
    url: request.url,
    headers: request.headers,
    body: request.body,
    status: reply.status,
    at,
    bytes: bytesOf(reply).length,
    answerHeaders: Object.fromEntries(
      Object.entries(reply.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  });
  const skewMs = faults.get("clock-skew")?.value ?? 0;
  const date = new Date(parts.now() + skewMs).toUTCString();
  if (faults.has("lost-answer")) response.socket?.resetAndDestroy();
  else if (faults.has("reset")) sendHalf(response, reply, date, "reset");
  else if (faults.has("truncate")) sendHalf(response, reply, date, "end");
  else {
    const trickle = faults.get("trickle");
    if (trickle) await sendSlowly(response, reply, date, trickle);
    else send(response, reply, date);
  }
}

/** Faults that are the same for all trackers. */
function breakReply(faults: ActiveFaults, handle: () => WireReply): WireReply {
  const serverError = faults.get("server-error");
  if (serverError) return gatewayError(serverError);
  const reply = handle();
  const late = faults.get("error-after");
  if (late) return gatewayError(late);
  const renamed = faults.get("renamed-field")?.field;
  if (renamed !== undefined) return { ...reply, body: reply.body.replaceAll(`"${renamed}":`, `"${renamed}_v2":`) };
  if (!faults.has("malformed-json")) return reply;
  return { ...reply, body: reply.body.slice(0, Math.max(1, Math.floor(reply.body.length / 2))) };
}

function gatewayError({ value: status = 502 }: Fault): WireReply {
  return {
    status,
    headers: { "Content-Type": "text/html" },
    body: `<html><head><title>${status}</title></head><body><h1>${status} Server Error</h1></body></html>`,
  };
}

/** The headers that carry a key, by their names, because each tracker has its own: `private-token`, `x-api-key`. */
const keyHeader = /authorization|token|key|session/;

/** Repeats the request's headers wherever one of the trackers puts an error's text. */
function repeatHeaders({ headers }: WireRequest, { value: status = 401 }: Fault): WireReply {
  const keys = Object.entries(headers).flatMap(([name, text]) => (keyHeader.test(name) ? [text] : []));
  const bare = keys.map((key) => key.replace(/^\S+ /, ""));
  const words = [...keys, ...bare, ...bare.map((key) => Buffer.from(key, "base64").toString("latin1"))].join(" | ");
  const said = `no entry for ${words.replace(/[^ -~]/g, "?")}`;
  return {
    status,
    headers: {
      "Content-Type": status === 502 ? "text/plain" : "application/json",
      "WWW-Authenticate": said,
      "X-OAuth-Scopes": said,
      "X-Request-Id": said,
      ETag: `"${bare.join()}"`,
      Link: `<?private_token=${bare.join()}>; rel="next"`,
      "Retry-After": said,
      "Set-Cookie": `key=${bare.join()}`,
      ...(status >= 300 && status < 400 && { Location: `http://localhost:1/${bare.join()}?token=${bare.join()}` }),
    },
    body: JSON.stringify({
      message: said,
      error: said,
      errorMessages: [said],
      errors: [{ message: said, extensions: { code: "AUTHENTICATION_ERROR", userPresentableMessage: said } }],
      OperationResult: { Errors: [said], Warnings: [] },
      request: headers,
    }),
  };
}

function readRequest(message: IncomingMessage): Promise<WireRequest | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("error", () => resolve(null));
    message.on("end", () => {
      const url = message.url ?? "/";
      const question = url.indexOf("?");
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(message.headers)) {
        if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
      }
      resolve({
        method: message.method ?? "GET",
        path: question === -1 ? url : url.slice(0, question),
        url,
        query: new URLSearchParams(question === -1 ? "" : url.slice(question + 1)),
        headers,
        body: Buffer.concat(chunks).toString("utf8"),
      });
    });
  });
}

function bytesOf(reply: WireReply): Buffer {
  return Buffer.from(reply.content ?? reply.body);
}

function head(reply: WireReply, body: Buffer, date: string): Record<string, string | number> {
  const length = reply.status === 304 || reply.status === 204 ? {} : { "Content-Length": body.length };
  return { Date: date, ...reply.headers, ...length };
}

function send(response: ServerResponse, reply: WireReply, date: string): void {
  const body = bytesOf(reply);
  response.writeHead(reply.status, head(reply, body, date));
  response.end(body);
}

/** Promises the whole body, sends half of it, then breaks the connection with a reset or an early end. */
function sendHalf(response: ServerResponse, reply: WireReply, date: string, how: "reset" | "end"): void {
  const body = bytesOf(reply);
  response.writeHead(reply.status, { ...head(reply, body, date), "Content-Length": Math.max(2, body.length) });
  response.flushHeaders();
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => {
    if (how === "reset") response.socket?.resetAndDestroy();
    else response.socket?.end();
  });
}

async function sendSlowly(response: ServerResponse, reply: WireReply, date: string, fault: Fault): Promise<void> {
  const body = bytesOf(reply);
  response.writeHead(reply.status, head(reply, body, date));
  const size = Math.ceil(body.length / trickledPieces);
  for (let start = 0; start < body.length && !response.destroyed; start += size) {
    if (start > 0) await wait(fault.value ?? 100);
    response.write(body.subarray(start, start + size));
  }
  response.end();
}

/** Unreferenced: the open server keeps the process alive, and nobody waits for a closed one's responses. */
function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
