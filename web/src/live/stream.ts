import { type ServerEvents, usualHeartbeatMs } from "../../../src/server/contract/event.ts";
import { eventNames, type LiveMessage } from "./protocol.ts";

const firstRetryMs = 1000;
const slowestRetryMs = 15_000;
/** After this many missed heartbeats the connection counts as dead, whatever the browser says: a laptop slept, a tunnel broke. */
const missedBeats = 2.5;

/**
 * Opens the server's event stream and keeps it open. The browser resumes a broken stream with Last-Event-ID; if it gives up (the server refused or restarted)
 * or misses that the connection is dead, a new stream starts after the last event seen. Returns a function that closes it.
 */
export function openStream(emit: (message: LiveMessage) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let beatMs = usualHeartbeatMs;
  let sequence: number | undefined;

  const connect = () => {
    const stream = new EventSource(sequence === undefined ? "/api/events" : `/api/events?since=${sequence}`);
    source = stream;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        stream.close();
        emit({ kind: "state", state: "lost" });
        connect();
      }, beatMs * missedBeats);
    };
    // Start the timer now, in case the server never responds.
    heard();
    stream.addEventListener("open", () => {
      heard();
      retryMs = firstRetryMs;
      emit({ kind: "state", state: "open" });
    });
    stream.addEventListener("error", () => {
      heard();
      emit({ kind: "state", state: "lost" });
      if (stream.readyState !== EventSource.CLOSED) return;
      clearTimeout(silence);
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, slowestRetryMs);
    });
    stream.addEventListener("heartbeat", (event: MessageEvent<string>) => {
      beatMs = (JSON.parse(event.data) as ServerEvents["heartbeat"]).everyMs;
      heard();
    });
    for (const name of eventNames) {
      stream.addEventListener(name, (event: MessageEvent<string>) => {
        heard();
        const message = { kind: "event", name, data: JSON.parse(event.data) } as LiveMessage;
        if (message.kind === "event" && "sequence" in message.data) sequence = message.data.sequence;
        emit(message);
      });
    }
  };

  connect();
  return () => {
    clearTimeout(timer);
    clearTimeout(silence);
    source?.close();
  };
}
