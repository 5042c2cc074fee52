import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { PanopticonError } from "../../domain/error.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import type { ServerEnv } from "../env.ts";
import { routeKey } from "./route-key.ts";

/**
 * Refuses unknown parameters, as for bodies, because ignoring them would make the response misleading. Filters have their own parser, which refuses unknown
 * keys.
 */
export function createQueryCheck(app: OpenAPIHono<ServerEnv>): MiddlewareHandler<ServerEnv> {
  let parameters: ReadonlyMap<string, readonly string[]> | undefined;
  return async (c, next) => {
    // Most requests have no parameters, and parsing a URL takes time.
    const { searchParams } = c.req.url.includes("?") ? new URL(c.req.url) : nothing;
    if (searchParams.size > 0) {
      parameters ??= parametersOf(app);
      const known = parameters.get(routeKey(c) ?? "");
      const unknown = known && [...searchParams.keys()].find((key) => !known.includes(key));
      if (unknown !== undefined && !known?.includes("sort")) throw unknownParameter(unknown, known ?? []);
    }
    await next();
  };
}

const nothing = { searchParams: new URLSearchParams() };

/** By route, from the OpenAPI document. */
function parametersOf(app: OpenAPIHono<ServerEnv>): ReadonlyMap<string, readonly string[]> {
  return new Map(
    app.openAPIRegistry.definitions.flatMap((definition) => {
      if (definition.type !== "route") return [];
      const { method, path, request } = definition.route;
      const query = request?.query;
      const names = query instanceof z.ZodObject ? Object.keys(query.shape as object) : [];
      return [[`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`, names] as const];
    }),
  );
}

function unknownParameter(name: string, known: readonly string[]): PanopticonError {
  const near = nearestWord(name, known);
  const others = known.length === 0 ? "It has no parameters." : `Available: ${known.join(", ")}.`;
  return new PanopticonError("invalid_input", `This call has no parameter “${name}”.`, {
    hint: near === undefined ? others : `Did you mean “${near}”?`,
    ...(near !== undefined && { candidates: [near] }),
  });
}
