import type { IncomingMessage } from "node:http";
import type { AnswerHeaders } from "./http-client.ts";
import { readText } from "./read-text.ts";

/** A response with its body decompressed and read to the end. */
export type Answer = { readonly status: number; readonly headers: AnswerHeaders; readonly text: string };

/**
 * Sends one request over HTTP/1.1 and reads the whole response; redirects are not followed. Throws Node's errors below HTTP, and `AnswerTooLargeError`. Takes
 * half of what `fetch` needs: `fetch` reads bodies through web streams and takes longer to load.
 */
export async function sendRequest(options: {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}): Promise<Answer> {
  const { method, url, body, signal } = options;
  // Importing the module would evaluate all of its exports and thereby load `fetch`.
  const { request } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http");
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const headers = {
    accept: "*/*",
    "accept-encoding": "gzip, br",
    ...options.headers,
    // Node sets the length itself only for methods that usually have a body.
    ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
  };
  // A user name and password in the URL must not be sent as credentials.
  request(url, { method, headers, signal, auth: null })
    .on("response", (incoming) => resolve(readAnswer(incoming)))
    .on("error", reject)
    .on("close", () => reject(Object.assign(new Error("The connection was closed."), { code: "ECONNRESET" })))
    .end(body);
  return promise;
}

async function readAnswer(incoming: IncomingMessage): Promise<Answer> {
  const { statusCode: status = 0, headers } = incoming;
  const get = (name: string) => {
    const value = headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(", ") : (value ?? null);
  };
  const text = await readUnpacked(incoming, get("content-encoding")?.trim().toLowerCase() ?? "");
  return { status, headers: { get, has: (name) => get(name) !== null }, text };
}

async function readUnpacked(incoming: IncomingMessage, encoding: string): Promise<string> {
  if (encoding !== "gzip" && encoding !== "x-gzip" && encoding !== "br") return readText(incoming);
  const [{ pipeline }, { createBrotliDecompress, createGunzip }] = await Promise.all([
    import("node:stream/promises"),
    import("node:zlib"),
  ]);
  return pipeline(incoming, encoding === "br" ? createBrotliDecompress() : createGunzip(), (unpacked) =>
    readText(unpacked),
  );
}
