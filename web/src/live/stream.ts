import { eventNames, type LiveMessage } from "./protocol.ts";

const firstRetryMs = 1000;
const slowestRetryMs = 15_000;

/**
 * Opens the server's event stream and keeps it open. The browser resumes a broken stream with Last-Event-ID by itself;
 * where it gives up (the server refused or restarted), a new stream starts after the last event that was seen.
 * Gives a function that closes it.
 */
export function openStream(emit: (message: LiveMessage) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let sequence: number | undefined;

  const connect = () => {
    const stream = new EventSource(sequence === undefined ? "/api/events" : `/api/events?since=${sequence}`);
    source = stream;
    stream.addEventListener("open", () => {
      retryMs = firstRetryMs;
      emit({ kind: "state", state: "open" });
    });
    stream.addEventListener("error", () => {
      emit({ kind: "state", state: "lost" });
      if (stream.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, slowestRetryMs);
    });
    for (const name of eventNames) {
      stream.addEventListener(name, (event: MessageEvent<string>) => {
        const message = { kind: "event", name, data: JSON.parse(event.data) } as LiveMessage;
        if (message.kind === "event" && "sequence" in message.data) sequence = message.data.sequence;
        emit(message);
      });
    }
  };

  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
