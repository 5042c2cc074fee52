import type { IncomingMessage } from "node:http";
import type { AnswerHeaders } from "./http-client.ts";
import { readText } from "./read-text.ts";

/** One answer as it came, unpacked, its body read to the end. */
export type Answer = { readonly status: number; readonly headers: AnswerHeaders; readonly text: string };

/**
 * Sends one request over HTTP/1.1 and reads its whole answer; redirects are not followed. Throws what Node throws below HTTP, and `AnswerTooLargeError`. Half of what
 * `fetch` takes for the same: it reads bodies through streams made for browsers, and takes longer to load.
 */
export async function sendRequest(options: {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}): Promise<Answer> {
  const { method, url, body, signal } = options;
  // An `import` of the module reads all that it exports, and so loads `fetch` after all.
  const { request } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http");
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const headers = {
    accept: "*/*",
    "accept-encoding": "gzip, br",
    ...options.headers,
    // Node tells the length by itself for methods that usually have a body only.
    ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
  };
  // A name and password in the address are nobody's credentials here.
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
