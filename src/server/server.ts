import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type WebSocketServerLike } from "@hono/node-server";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { WebSocketServer } from "ws";
import { isLoopbackHost, tunnelHint } from "../config/loopback.ts";
import { PanopticonError } from "../domain/error.ts";
import { createApp } from "./app.ts";
import type { ServerEnv } from "./env.ts";
import { createEventHub } from "./events/event-hub.ts";
import type { Services } from "./services.ts";
import { createSession } from "./access/session.ts";
import { createWatching } from "./events/watching.ts";
import { answerUnreadable } from "./request/unreadable-request.ts";

export type PanopticonServer = {
  /** Starts listening. `url` is the plain address. Throws `invalid_input` for a host that is not this machine's own, `busy` for a port in use. */
  start(): Promise<{ readonly url: string; readonly port: number }>;
  /** The address that signs a browser in with the persistent token; to be shown only to the user. */
  address(): string;
  /** An address that signs in one browser, once, within two minutes: for the command line of a program that opens a browser. */
  openAddress(): string;
  /** The number of open event streams. */
  listeners(): number;
  /** Ends all streams and connections. */
  stop(): Promise<void>;
  readonly app: OpenAPIHono<ServerEnv>;
};

export type ServerOptions = {
  readonly host?: string;
  /** 0: any free port. */
  readonly port?: number;
  /** See EventHubOptions. */
  readonly heartbeatMs?: number | undefined;
};

export function createServer(services: Services, options: ServerOptions = {}): PanopticonServer {
  const { host = "127.0.0.1", port: wantedPort = 3011, heartbeatMs } = options;
  const { store, sync, work, config, clock, log } = services;
  const session = createSession(services.token, clock);
  const hub = createEventHub({ changes: store.changes, sync, work, config, log, heartbeatMs });
  const watching = createWatching(sync);
  let port = wantedPort;
  const url = () => `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
  const openAddress = () => `${url()}/?token=${session.createCode()}`;
  const app = createApp({
    services,
    session,
    hub,
    watching,
    port: () => port,
    signInAddress: openAddress,
    startedAt: clock.now(),
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false });
  const server = createAdaptorServer({
    fetch: app.fetch,
    // The adapter's type requires options that are never undefined.
    websocket: { server: sockets as unknown as WebSocketServerLike },
  }) as Server;
  server.keepAliveTimeout = idleMs;
  answerUnreadable(server);
  let running = false;

  return {
    app,
    address: () => `${url()}/?token=${services.token}`,
    openAddress,
    listeners: () => hub.listeners(),
    async start() {
      if (!isLoopbackHost(host)) {
        throw new PanopticonError("invalid_input", `The server does not listen on ${host}.`, {
          hint: tunnelHint(port),
        });
      }
      await hub.start();
      try {
        await listen(server, host.replace(/^\[|\]$/g, ""), wantedPort);
      } catch (error) {
        hub.stop();
        throw error;
      }
      port = (server.address() as AddressInfo).port;
      running = true;
      return { url: url(), port };
    },
    async stop() {
      hub.stop();
      watching.stop();
      if (!running) return;
      running = false;
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      // Requests in progress may finish; streams and idle connections would never end.
      server.closeIdleConnections();
      for (const socket of sockets.clients) socket.close(goingAway);
      const grace = setTimeout(() => {
        server.closeAllConnections();
        for (const socket of sockets.clients) socket.terminate();
      }, graceMs);
      await closed;
      clearTimeout(grace);
    },
  };
}

const graceMs = 2000;
/**
 * Clients, not the server, should close idle connections: a request sent while the server closes one would meet a reset. Node's own programs keep a connection
 * as long as the server says, proxies and tunnels up to two minutes (https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#keepalive).
 */
const idleMs = 125_000;
/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const goingAway = 1001;
/** The longest paste into a message to an agent, as JSON. */
const maxMessageBytes = 4_000_000;

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new PanopticonError("busy", `Port ${port} is in use by another program.`, {
              hint: `Choose another one: pan up --port ${port + 1}. If it is Panopticon itself: pan status.`,
              cause: error,
            })
          : error.code === "EACCES"
            ? new PanopticonError("forbidden", `You do not have permission to use port ${port}.`, {
                hint: "Choose a port above 1023.",
                cause: error,
              })
            : error,
      );
    };
    server.once("error", onError);
    server.listen(port, host, () => {
      server.off("error", onError);
      resolve();
    });
  });
}
