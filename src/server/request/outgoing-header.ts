import type { Context } from "hono";
import type { ServerEnv } from "../env.ts";

/** Whether a request is a WebSocket upgrade, which has no response object, only a socket that is handed over or closed. */
export function isUpgrade(c: Context<ServerEnv>): boolean {
  return (c.env.outgoing as ServerEnv["Bindings"]["outgoing"] | undefined) === undefined;
}

/** Sets a header on the response, whoever writes it. */
export function setHeader(c: Context<ServerEnv>, name: string, value: string): void {
  if (!isUpgrade(c)) c.env.outgoing.setHeader(name, value);
}
