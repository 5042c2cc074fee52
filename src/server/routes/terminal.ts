import { upgradeWebSocket } from "@hono/node-server";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { WebSocket } from "ws";
import { PanopticonError } from "../../domain/error.ts";
import { TerminalQuery } from "../contract/terminal.ts";
import type { ServerEnv } from "../env.ts";
import { problemResponse } from "../problem.ts";
import type { Services } from "../services.ts";
import { connectTerminal } from "../terminal-connection.ts";
import { failures } from "./responses.ts";

const terminalRoute = createRoute({
  method: "get",
  path: "/api/agents/{id}/terminal",
  summary: "An agent's terminal, live: a WebSocket",
  request: { params: z.object({ id: z.coerce.number<string>().int().positive() }), query: TerminalQuery },
  responses: {
    101: { description: "The terminal; see docs/api.md for the messages" },
    ...failures([400, 404]),
  },
});

/** Subject to the doors like every route, because an upgrade is an ordinary request until it is granted. */
export function addTerminalRoute(app: OpenAPIHono<ServerEnv>, { work }: Services): void {
  app.openapi(terminalRoute, async (c) => {
    const { id } = c.req.valid("param");
    await work.agents.get(id);
    const size = c.req.valid("query");
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      return problemResponse(
        new PanopticonError("invalid_input", "This address is a WebSocket.", {
          hint: `Connect with a WebSocket client, or ask /api/agents/${id}/screen for the terminal's content.`,
        }),
      );
    }
    const upgrade = upgradeWebSocket(() => ({
      onOpen(_event, { raw }) {
        // The server's WebSockets are those of `ws`.
        if (raw instanceof WebSocket) connectTerminal(raw, work.terminals, id, size);
      },
    }));
    return (await upgrade(c as Context, async () => undefined)) ?? c.notFound();
  });
}
