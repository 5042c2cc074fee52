import type { Context } from "hono";
import { matchedRoutes } from "hono/route";

/** `GET /api/issues/:ref`, the route that a request is for; undefined: there is none. */
export function routeKey(c: Context): string | undefined {
  const route = matchedRoutes(c).find((candidate) => candidate.method !== "ALL");
  return route === undefined ? undefined : `${route.method} ${route.path}`;
}
