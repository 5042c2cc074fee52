import type { GraphQLFieldResolver } from "graphql";
import type { RequestContext } from "./request-context.ts";

/** Resolvers by type and field. */
export type ResolverMap = Readonly<
  Record<string, Readonly<Record<string, GraphQLFieldResolver<unknown, RequestContext>>>>
>;
