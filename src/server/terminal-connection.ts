import type { WebSocket } from "ws";
import type { Terminals } from "../work/terminal/terminals.ts";
import type { TerminalView } from "../work/terminal/terminal.ts";
import type { Size, ViewerOutput } from "../work/terminal/viewer.ts";
import { type TerminalMessage, TerminalRequest } from "./contract/terminal.ts";
import { toProblem } from "./problem.ts";

/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const closeCodes = { normal: 1000, notUnderstood: 1003, broken: 1011, again: 1012 } as const;
const aliveMs = 30_000;
/** The maximum length of a close reason. */
const maxReasonBytes = 120;

/** Connects a viewer's socket to an agent's terminal until either ends. */
export function connectTerminal(socket: WebSocket, terminals: Terminals, agentId: number, size: Size): void {
  const say = (message: TerminalMessage) => socket.send(JSON.stringify(message));
  const output: ViewerOutput = {
    reset: (columns, rows) => say({ type: "reset", columns, rows }),
    write: (bytes) => socket.send(bytes),
    waitingBytes: () => socket.bufferedAmount,
    end(over) {
      if (over) say({ type: "ended" });
      socket.close(over ? closeCodes.normal : closeCodes.again);
    },
  };
  let view: TerminalView | null = null;
  let alive = true;

  const pulse = setInterval(() => {
    if (!alive) {
      socket.terminate();
      return;
    }
    alive = false;
    socket.ping();
  }, aliveMs);
  const giveUp = (code: number, reason: string) => {
    socket.close(
      code,
      Buffer.from(reason)
        .subarray(0, maxReasonBytes)
        .toString()
        .replace(/\uFFFD$/, ""),
    );
  };

  socket.on("pong", () => {
    alive = true;
  });
  socket.once("close", () => {
    clearInterval(pulse);
    view?.leave();
  });
  // `close` follows.
  socket.on("error", () => undefined);
  socket.on("message", (data, isBinary) => {
    if (view === null) return;
    const bytes = toBuffer(data);
    if (isBinary) {
      if (!view.type(bytes)) holdBack(socket);
      return;
    }
    const request = readRequest(bytes.toString("utf8"));
    if (request === null) {
      giveUp(closeCodes.notUnderstood, "See GET /api/openapi.json and docs/api.md for what a viewer may send.");
    } else if (request.type === "resize") view.resize(request);
    else if (request.type === "shown") view.shown(request.bytes);
    else {
      view.paste(request.text).catch((error: unknown) => giveUp(closeCodes.broken, toProblem(error).detail));
    }
  });

  // Input before the terminal is ready waits in the socket.
  socket.pause();
  terminals.join(agentId, output, size).then(
    (joined) => {
      view = joined;
      // Even if it is closing: otherwise the viewer's goodbye is not read, and both sides keep the connection for seconds.
      socket.resume();
      if (socket.readyState !== socket.OPEN) view?.leave();
    },
    (error: unknown) => {
      socket.resume();
      giveUp(closeCodes.broken, toProblem(error).detail);
    },
  );
}

/** tmux needs a moment to process that much. */
function holdBack(socket: WebSocket): void {
  socket.pause();
  setTimeout(() => socket.resume(), 20);
}

function readRequest(text: string): TerminalRequest | null {
  try {
    return TerminalRequest.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function toBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
