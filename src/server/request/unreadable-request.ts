import type { Server, ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { PanopticonError } from "../../domain/error.ts";
import { toProblem } from "../problem.ts";

/** https://nodejs.org/docs/latest-v24.x/api/http.html#event-clienterror */
const statuses: Readonly<Record<string, { readonly status: number; readonly message: string; readonly hint: string }>> =
  {
    HPE_HEADER_OVERFLOW: {
      status: 431,
      message: "The address and headers of this request are too long.",
      hint: "Send fewer or shorter parameters.",
    },
    ERR_HTTP_REQUEST_TIMEOUT: {
      status: 408,
      message: "The request timed out before it was complete.",
      hint: "Send it again.",
    },
  };
const other = {
  status: 400,
  message: "This is not a valid HTTP request.",
  hint: "See GET /api/openapi.json for all calls.",
};

/** Answers requests that Node's parser rejects like all other errors, with a message. The connection is closed. */
export function answerUnreadable(server: Server): void {
  /** The response in progress on each connection. Once it is being written, nothing may be sent in between. */
  const answering = new WeakMap<Duplex, ServerResponse>();
  server.on("request", ({ socket }, response: ServerResponse) => {
    answering.set(socket, response);
    response.once("close", () => {
      if (answering.get(socket) === response) answering.delete(socket);
    });
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || answering.get(socket)?.headersSent === true) {
      socket.destroy();
      return;
    }
    const { status, message, hint } = statuses[error.code ?? ""] ?? other;
    const body = JSON.stringify({ ...toProblem(new PanopticonError("invalid_input", message, { hint })), status });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
      "Content-Type: application/problem+json",
      "Cache-Control: no-store",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Connection: close",
    ];
    socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
  });
}
