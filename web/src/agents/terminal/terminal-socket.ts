import type { TerminalMessage, TerminalRequest } from "../../../../src/server/contract/terminal.ts";

export type TerminalState = "connecting" | "live" | "ended" | "lost";

export type SocketListener = {
  readonly reset: (columns: number, rows: number) => void;
  /** Call `done` once the bytes are drawn. */
  readonly write: (bytes: Uint8Array, done: () => void) => void;
  readonly state: (state: TerminalState) => void;
};

export type TerminalSocket = {
  type(bytes: Uint8Array): void;
  send(request: TerminalRequest): void;
  close(): void;
};

/** Acknowledge drawn output each time this many bytes were drawn. */
const ackBytes = 32 * 1024;
const firstRetryMs = 500;
const slowestRetryMs = 10_000;
const sessionEnded = 1000;
const maxEarly = 1_000;

/** Connects to an agent's terminal and reconnects if the connection breaks while the session is running. */
export function openTerminalSocket(
  agent: string,
  size: () => { readonly columns: number; readonly rows: number },
  listener: SocketListener,
): TerminalSocket {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let closed = false;
  let ended = false;
  /** Keys typed before the first connection opens; null once it has. */
  let early: Uint8Array[] | null = [];

  function connect(): void {
    const { columns, rows } = size();
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const address = `${scheme}://${location.host}/api/agents/${encodeURIComponent(agent)}/terminal`;
    const connection = new WebSocket(`${address}?columns=${columns}&rows=${rows}`);
    connection.binaryType = "arraybuffer";
    socket = connection;
    let shown = 0;
    let told = 0;
    connection.addEventListener("open", () => {
      for (const bytes of early ?? []) connection.send(bytes.slice().buffer);
      early = null;
    });
    connection.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === "string") {
        const message = JSON.parse(data) as TerminalMessage;
        if (message.type === "ended") {
          ended = true;
          listener.state("ended");
        } else {
          retryMs = firstRetryMs;
          listener.reset(message.columns, message.rows);
          listener.state("live");
        }
        return;
      }
      const bytes = new Uint8Array(data);
      listener.write(bytes, () => {
        shown += bytes.length;
        if (shown - told < ackBytes) return;
        told = shown;
        if (connection.readyState === WebSocket.OPEN) {
          connection.send(JSON.stringify({ type: "shown", bytes: shown } satisfies TerminalRequest));
        }
      });
    });
    connection.addEventListener("close", ({ code }) => {
      if (closed) return;
      if (ended) return;
      if (code === sessionEnded) {
        listener.state("ended");
        return;
      }
      listener.state("lost");
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, slowestRetryMs);
    });
  }

  connect();
  const isOpen = () => socket?.readyState === WebSocket.OPEN;
  return {
    type(bytes) {
      if (isOpen()) socket?.send(bytes.slice().buffer);
      else if (early !== null && early.length < maxEarly) early.push(bytes);
    },
    send(request) {
      if (isOpen()) socket?.send(JSON.stringify(request));
    },
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
