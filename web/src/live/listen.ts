import type { LiveMessage } from "./protocol.ts";
import { openStream } from "./stream.ts";

/** Listens to the one stream this browser has, whatever tab or worker holds it. Gives a function that stops listening. */
export function listen(onMessage: (message: LiveMessage) => void): () => void {
  if (typeof SharedWorker === "function") return listenToWorker(onMessage);
  if ("locks" in navigator && typeof BroadcastChannel === "function") return listenToLeader(onMessage);
  return openStream(onMessage);
}

/** A worker whose program did not come is started again after this. */
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
    // The server went away before it had given the worker's program: nothing else would ever start it.
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

/** The tab that holds the lock has the stream and tells the others; when it goes, the next one takes over. */
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
        // Between two leaders nobody listened.
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
      // A follower hears the stream's state only when it changes: until then it is taken to be open. Nor is it told what came while it began.
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
