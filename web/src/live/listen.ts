import type { LiveMessage } from "./protocol.ts";
import { openStream } from "./stream.ts";

/** Listens to this browser's single event stream, whichever tab or worker holds it. Returns a function that stops listening. */
export function listen(onMessage: (message: LiveMessage) => void): () => void {
  if (typeof SharedWorker === "function") return listenToWorker(onMessage);
  if ("locks" in navigator && typeof BroadcastChannel === "function") return listenToLeader(onMessage);
  return openStream(onMessage);
}

/** Retry a worker whose script failed to load after this time. */
const workerRetryMs = 3000;

function listenToWorker(onMessage: (message: LiveMessage) => void): () => void {
  let port: MessagePort | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = () => {
    const worker = new SharedWorker(new URL("./live-worker.ts", import.meta.url), {
      type: "module",
      name: "panopticon",
    });
    port = worker.port;
    port.addEventListener("message", (event: MessageEvent<LiveMessage>) => onMessage(event.data));
    port.start();
    // The server stopped before it delivered the worker's script; nothing else would retry.
    worker.addEventListener("error", () => {
      onMessage({ kind: "state", state: "lost" });
      timer = setTimeout(start, workerRetryMs);
    });
  };
  start();
  const leave = () => port?.postMessage("leave");
  const comeBack = (event: PageTransitionEvent) => {
    if (!event.persisted) return;
    port?.postMessage("join");
    onMessage({ kind: "event", name: "reload", data: { sequence: 0 } });
  };
  addEventListener("pagehide", leave);
  addEventListener("pageshow", comeBack);
  return () => {
    clearTimeout(timer);
    removeEventListener("pagehide", leave);
    removeEventListener("pageshow", comeBack);
    leave();
    port?.close();
  };
}

/** The tab that holds the lock owns the stream and broadcasts it; when it closes, the next tab takes over. */
function listenToLeader(onMessage: (message: LiveMessage) => void): () => void {
  const channel = new BroadcastChannel("panopticon.live");
  channel.addEventListener("message", (event: MessageEvent<LiveMessage>) => onMessage(event.data));
  const leaving = new AbortController();
  let close: (() => void) | undefined;
  let waited = false;
  const lead = () =>
    new Promise<void>((resolve) => {
      const tell = (message: LiveMessage) => {
        onMessage(message);
        channel.postMessage(message);
      };
      const stop = openStream((message) => {
        tell(message);
        // Events between two leaders are lost, so reload.
        if (waited && message.kind === "state" && message.state === "open") {
          waited = false;
          tell({ kind: "event", name: "reload", data: { sequence: 0 } });
        }
      });
      close = () => {
        stop();
        resolve();
      };
    });
  navigator.locks
    .request("panopticon.live", { ifAvailable: true }, async (lock) => {
      if (lock !== null) await lead();
    })
    .then(async () => {
      if (close !== undefined || leaving.signal.aborted) return;
      waited = true;
      // A follower is told the stream's state only when it changes, so assume it is open; and reload, because it missed earlier events.
      onMessage({ kind: "state", state: "open" });
      onMessage({ kind: "event", name: "reload", data: { sequence: 0 } });
      await navigator.locks.request("panopticon.live", { signal: leaving.signal }, lead);
    })
    .catch((error: unknown) => {
      if (!leaving.signal.aborted) throw error;
    });
  return () => {
    leaving.abort();
    close?.();
    channel.close();
  };
}
