import { connect } from "node:net";

/**
 * Sends raw bytes over one connection, half-closes it, and returns everything received until the server closes. For requests that no HTTP client would send.
 * Rejects after five seconds without an end.
 */
export function sendBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.setTimeout(5000, () => {
      socket.destroy();
      reject(new Error(`Not closed; so far: ${received}`));
    });
    socket.setEncoding("latin1");
    socket.on("data", (part: string) => {
      received += part;
    });
    // A server that has already responded may reset the connection.
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(received));
    socket.end(bytes, "latin1");
  });
}

/** The statuses of the responses on one connection, in order. */
export function statusesOf(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) [A-Z]/g)].map(([, status]) => Number(status));
}
