import type { GraphQLFieldResolver } from "graphql";
import type { RequestContext } from "./request-context.ts";

/** How fields are resolved, by type and field. */
export type ResolverMap = Readonly<
  Record<string, Readonly<Record<string, GraphQLFieldResolver<unknown, RequestContext>>>>
>;
