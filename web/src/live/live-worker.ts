import type { LiveMessage } from "./protocol.ts";
import { openStream } from "./stream.ts";

// A SharedWorker: all tabs of this browser share its one stream. Browsers allow six connections to a server in all.
const ports = new Set<MessagePort>();
let state: LiveMessage | undefined;
let sequence: LiveMessage | undefined;

openStream((message) => {
  if (message.kind === "state") state = message;
  else if ("sequence" in message.data) {
    sequence = { kind: "event", name: "change", data: { sequence: message.data.sequence, refs: [], more: false } };
  }
  for (const port of ports) port.postMessage(message);
});

const scope = globalThis as unknown as { onconnect: ((event: MessageEvent) => void) | null };

scope.onconnect = (event) => {
  const port = event.ports[0];
  if (port === undefined) return;
  const join = () => {
    ports.add(port);
    // A tab that comes later learns where the log stands, as if the stream had just begun.
    if (state !== undefined) port.postMessage(state);
    if (sequence !== undefined) port.postMessage(sequence);
  };
  port.addEventListener("close", () => ports.delete(port));
  port.addEventListener("message", ({ data }) => {
    if (data === "leave") ports.delete(port);
    else join();
  });
  port.start();
  join();
};
