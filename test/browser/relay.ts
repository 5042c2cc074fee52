import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A proxy between browser and server that fails in every way. */
export type Relay = {
  readonly port: number;
  /** Stops responding to anyone. */
  leave(): void;
  /** Stops responding at the next request for this path; resolves then. */
  leaveAt(path: string): Promise<void>;
  comeBack(): void;
  /** Keeps back the next request for this path, and what follows it on its connection, until `letGo`; resolves once it has begun to arrive. */
  holdAt(path: string): Promise<void>;
  /** Passes on what was kept back. */
  letGo(): void;
  /** Breaks open event streams. */
  cutStreams(): void;
  /** Lets nothing pass through open event streams, without telling either end. */
  freezeStreams(): void;
  /** Open connections: the last request of each, its age, and whether a response has begun. */
  underWay(): readonly string[];
  /** Resolves once the server sends this text. */
  passed(text: string): Promise<void>;
  close(): void;
};

type Line = {
  readonly client: Socket;
  readonly server: Socket;
  isStream: boolean;
  /** The last request's first line, and its time. */
  asked: string;
  askedAt: number;
  answered: boolean;
  /** Kept back from the server. */
  held: Buffer[] | null;
};

/** Starts a relay to a port of this machine. */
export async function startRelay(port: number): Promise<Relay> {
  const lines = new Set<Line>();
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  let away = false;
  let leavesAt: string | null = null;
  const leave = () => {
    away = true;
    for (const { client, server } of lines) for (const socket of [client, server]) socket.destroy();
  };
  const left = Promise.withResolvers<void>();
  let holdsAt: string | null = null;
  let heldBack = Promise.withResolvers<void>();
  const relay = createServer((client) => {
    if (away) {
      client.destroy();
      return;
    }
    const server = connect(port, "127.0.0.1");
    const line: Line = {
      client,
      server,
      isStream: false,
      asked: "nothing",
      askedAt: Date.now(),
      answered: false,
      held: null,
    };
    lines.add(line);
    client.on("data", (bytes) => {
      const text = bytes.toString("latin1");
      line.isStream ||= text.includes("GET /api/events");
      const [, asked] = /^([A-Z]+ \S+) HTTP\/1\.1\r\n/.exec(text) ?? [];
      if (asked !== undefined) Object.assign(line, { asked, askedAt: Date.now(), answered: false });
      if (leavesAt !== null && text.includes(leavesAt)) {
        leave();
        left.resolve();
      }
      if (holdsAt !== null && text.includes(holdsAt)) {
        holdsAt = null;
        line.held = [];
        heldBack.resolve();
      }
      if (line.held !== null) line.held.push(bytes);
      else server.write(bytes);
    });
    server.on("data", (bytes) => {
      line.answered = true;
      const text = bytes.toString("latin1");
      for (const [wanted, { resolve }] of waiting) if (text.includes(wanted)) resolve();
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on("error", () => undefined);
      one.on("close", () => {
        lines.delete(line);
        other.destroy();
      });
    }
    client.on("end", () => server.end());
    server.pipe(client);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const streams = () => [...lines].filter(({ isStream }) => isStream);
  return {
    port: (relay.address() as AddressInfo).port,
    leave,
    leaveAt(path) {
      leavesAt = path;
      return left.promise;
    },
    comeBack() {
      leavesAt = null;
      away = false;
    },
    holdAt(path) {
      holdsAt = path;
      heldBack = Promise.withResolvers();
      return heldBack.promise;
    },
    letGo() {
      for (const line of lines) {
        for (const bytes of line.held ?? []) line.server.write(bytes);
        line.held = null;
      }
    },
    cutStreams() {
      for (const { client } of streams()) client.destroy();
    },
    freezeStreams() {
      for (const { client, server } of streams()) server.unpipe(client);
    },
    underWay() {
      return [...lines].map(
        ({ asked, askedAt, answered }) => `${asked} ${Date.now() - askedAt} ms${answered ? ", answered" : ""}`,
      );
    },
    passed(text) {
      const wanted = Promise.withResolvers<void>();
      waiting.set(text, wanted);
      return wanted.promise.finally(() => waiting.delete(text));
    },
    close() {
      leave();
      relay.close();
    },
  };
}
