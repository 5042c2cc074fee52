import type { Source } from "../tracker.ts";

/** A second in milliseconds: the resolution of Data Center's search index. */
export const secondMs = 1000;

export type JqlQuery = {
  readonly category?: "open" | "done" | undefined;
  /** Inclusive, in milliseconds. */
  readonly since?: number | null | undefined;
  /** Exclusive, in milliseconds. */
  readonly before?: number | null | undefined;
  /** Issues of the same project with a larger number. */
  readonly afterKey?: string | null | undefined;
};

/**
 * JQL conditions that include the project, by its immutable id once known, because no query may be unbounded. Times are unquoted epoch milliseconds: quoted
 * ones are cut to minutes and read in the user's time zone. https://support.atlassian.com/jira-software-cloud/docs/jql-fields/
 */
export function conditionsOf(source: Pick<Source, "key" | "nativeId">, query: JqlQuery): string {
  const project = source.nativeId !== null && /^\d+$/.test(source.nativeId) ? source.nativeId : quote(source.key);
  const parts = [`project = ${project}`];
  if (query.category !== undefined) parts.push(`statusCategory ${query.category === "done" ? "=" : "!="} Done`);
  if (query.since != null) parts.push(`updated >= ${Math.floor(query.since)}`);
  if (query.before != null) parts.push(`updated < ${Math.floor(query.before)}`);
  if (query.afterKey != null) parts.push(`key > ${quote(query.afterKey)}`);
  return parts.join(" AND ");
}

/** Everything inside the history window: open issues, and those updated since `since`. */
export function insideOf(
  source: Pick<Source, "key" | "nativeId">,
  since: number | null,
  afterKey?: string | null,
): string {
  const all = conditionsOf(source, { afterKey });
  return since === null ? all : `${all} AND (statusCategory != Done OR updated >= ${Math.floor(since)})`;
}

/** A value in double quotes, with quotes and backslashes escaped. */
export function quote(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
