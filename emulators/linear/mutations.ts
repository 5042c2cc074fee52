import type { ResolverMap } from "./resolver-map.ts";
import type { LinearState } from "./state.ts";
import { createCommentWrites } from "./write-comments.ts";
import { createIssueWrites } from "./write-issues.ts";
import { createRelationWrites } from "./write-relations.ts";
import { createWordWrites } from "./write-words.ts";

/** Resolvers of all mutations. */
export function createMutations(state: LinearState): ResolverMap {
  const Mutation: Readonly<Record<string, unknown>> = {
    ...createIssueWrites(state),
    ...createCommentWrites(state),
    ...createRelationWrites(state),
    ...createWordWrites(state),
  };
  return { Mutation } as unknown as ResolverMap;
}
