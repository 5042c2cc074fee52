import type { Source } from "../tracker.ts";

/** A second in milliseconds: Data Center's search index keeps times no finer. */
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
 * The project as a condition, by its immutable id once that is known: without it no query is bounded. Times are bare epoch milliseconds: quoted ones
 * are cut to minutes and read in the user's own time zone. https://support.atlassian.com/jira-software-cloud/docs/jql-fields/
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

/** Everything inside the history window: what is open, and what was updated since `since`. */
export function insideOf(
  source: Pick<Source, "key" | "nativeId">,
  since: number | null,
  afterKey?: string | null,
): string {
  const all = conditionsOf(source, { afterKey });
  return since === null ? all : `${all} AND (statusCategory != Done OR updated >= ${Math.floor(since)})`;
}

/** A value in double quotes, with what ends it or escapes marked. */
export function quote(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
