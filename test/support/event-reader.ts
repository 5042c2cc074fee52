import { type IncomingMessage, request } from "node:http";

export type ReadEvent = { readonly id: string | null; readonly event: string; readonly data: unknown };

export type EventReader = {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** Waits for the next event. Rejects if the stream ends first. */
  next(): Promise<ReadEvent>;
  /** Waits for the next event of this name, skipping others. */
  nextOf(name: string): Promise<ReadEvent>;
  /** Resolves when the server ends the stream. */
  readonly ended: Promise<void>;
  /** Stops reading. */
  pause(): void;
  close(): void;
};

/** Reads a server's server-sent events. */
export function readEvents(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, agent: false, headers }, (answer) => {
      const arrived: ReadEvent[] = [];
      const waiting: { resolve: (event: ReadEvent) => void; reject: (error: Error) => void }[] = [];
      let rest = "";
      answer.setEncoding("utf8");
      answer.on("data", (text: string) => {
        const blocks = (rest + text).split("\n\n");
        rest = blocks.pop() ?? "";
        for (const block of blocks) {
          const event = parseEvent(block);
          if (event === undefined) continue;
          const first = waiting.shift();
          if (first === undefined) arrived.push(event);
          else first.resolve(event);
        }
      });
      const ended = new Promise<void>((end) => {
        answer.on("error", () => end());
        answer.on("close", () => {
          for (const { reject: refuse } of waiting) refuse(new Error("the stream ended"));
          end();
        });
      });
      const next = (): Promise<ReadEvent> => {
        const event = arrived.shift();
        if (event !== undefined) return Promise.resolve(event);
        return new Promise((take, refuse) => waiting.push({ resolve: take, reject: refuse }));
      };
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        next,
        async nextOf(name) {
          for (;;) {
            const event = await next();
            if (event.event === name) return event;
          }
        },
        ended,
        pause: () => void answer.pause(),
        close: () => sent.destroy(),
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** undefined for a comment. */
function parseEvent(block: string): ReadEvent | undefined {
  const fields = new Map(
    block.split("\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    }),
  );
  const event = fields.get("event");
  if (event === undefined) return undefined;
  return { id: fields.get("id") ?? null, event, data: JSON.parse(fields.get("data") ?? "null") as unknown };
}
