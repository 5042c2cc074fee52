import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { HistoryShape } from "../contract/history.ts";
import { HistoryQuery } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { toTime } from "../shapes/issue-shape.ts";
import { getTracker } from "../find/get-tracker.ts";
import { historyCursor, parseHistoryCursor } from "../find/read-history-page.ts";
import type { Services } from "../services.ts";
import { answers } from "./responses.ts";

const historyRoute = createRoute({
  method: "get",
  path: "/api/history",
  summary: "What happened, newest first",
  request: { query: HistoryQuery },
  responses: answers(200, HistoryShape, "The entries", [400]),
});

export function addHistoryRoute(app: OpenAPIHono<ServerEnv>, { store, trackers }: Services): void {
  app.openapi(historyRoute, async (c) => {
    const { limit, cursor, by, tracker, settled, countSince } = c.req.valid("query");
    const kind = {
      ...(by && { by }),
      ...(settled === "true" && { settled: true }),
      ...(tracker !== undefined && { tracker: getTracker(trackers, tracker).id }),
    };
    const [entries, total, counts] = await Promise.all([
      store.history.list({ ...kind, limit, ...(cursor !== undefined && parseHistoryCursor(cursor)) }),
      store.history.total(kind),
      countSince === undefined ? null : store.history.counts(Date.parse(countSince)),
    ]);
    const last = entries.length === limit ? entries.at(-1) : undefined;
    const shape: HistoryShape = {
      history: entries.map((entry) => ({
        at: toTime(entry.at),
        ref: entry.ref,
        title: entry.title,
        tracker: entry.tracker,
        actor: entry.actor,
        field: entry.field,
        from: entry.from,
        to: entry.to,
        state: entry.state,
        operation: entry.operation,
      })),
      total,
      cursor: last === undefined ? null : historyCursor(last),
      counts: counts && counts.map((count) => ({ ...count })),
    };
    return c.json(shape, 200);
  });
}
