import type { Context } from "hono";
import { matchedRoutes } from "hono/route";

/** The route of a request, `GET /api/issues/:ref`; undefined if there is none. */
export function routeKey(c: Context): string | undefined {
  const route = matchedRoutes(c).find((candidate) => candidate.method !== "ALL");
  return route === undefined ? undefined : `${route.method} ${route.path}`;
}
