import type { Context } from "hono";
import type { ServerEnv } from "../env.ts";

/** Whether a request asks for a WebSocket: it has no answer of its own, only a socket that is handed over or closed. */
export function isUpgrade(c: Context<ServerEnv>): boolean {
  return (c.env.outgoing as ServerEnv["Bindings"]["outgoing"] | undefined) === undefined;
}

/** Sets a header on the answer, whoever writes it in the end. */
export function setHeader(c: Context<ServerEnv>, name: string, value: string): void {
  if (!isUpgrade(c)) c.env.outgoing.setHeader(name, value);
}
