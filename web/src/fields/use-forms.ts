import { useQueries } from "@tanstack/react-query";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { toApiError, type ApiError } from "../api/client.ts";
import { formQuery } from "../api/queries.ts";

/** The forms of some issues' sources, as far as loaded. */
export function useForms(issues: readonly Pick<IssueShape, "source">[]): {
  readonly forms: readonly SourceFormShape[];
  readonly loading: boolean;
  readonly error: ApiError | null;
} {
  const sources = [...new Set(issues.map(({ source }) => source))];
  const asked = useQueries({ queries: sources.map((source) => formQuery(source)) });
  const failed = asked.find(({ error }) => error !== null)?.error;
  return {
    forms: asked.flatMap(({ data }) => (data === undefined ? [] : [data])),
    loading: asked.some(({ isPending }) => isPending),
    error: failed == null ? null : toApiError(failed),
  };
}
