import type { LiveMessage } from "./protocol.ts";
import { openStream } from "./stream.ts";

// A SharedWorker, so that all tabs of this browser share one stream: browsers allow six connections per server in total.
const ports = new Set<MessagePort>();
let state: LiveMessage | undefined;
let sequence: number | null = null;
let lastAt: number | null = null;

openStream((message) => {
  if (message.kind === "state") state = message;
  else if (message.kind === "event") {
    if ("sequence" in message.data) ({ sequence } = message.data);
    // Progress is frequent, and nothing is refetched for it.
    if (message.name !== "progress") lastAt = Date.now();
  }
  for (const port of ports) port.postMessage(message);
});

const scope = globalThis as unknown as { onconnect: ((event: MessageEvent) => void) | null };

scope.onconnect = (event) => {
  const port = event.ports[0];
  if (port === undefined) return;
  const join = () => {
    ports.add(port);
    if (state === undefined) return;
    port.postMessage(state);
    port.postMessage({ kind: "joined", sequence, lastAt } satisfies LiveMessage);
  };
  port.addEventListener("close", () => ports.delete(port));
  port.addEventListener("message", ({ data }) => {
    if (data === "leave") ports.delete(port);
    else join();
  });
  port.start();
  join();
};
