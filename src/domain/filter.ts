import type { Priority } from "./priority.ts";
import type { Status } from "./status.ts";

/** Which issues: all given parts must hold; within one part any of the values. Empty or absent means "all". */
export type IssueFilter = {
  readonly tracker?: readonly string[];
  readonly project?: readonly string[];
  readonly status?: readonly Status[];
  /** Names of the trackers' own states, compared folded. */
  readonly state?: readonly string[];
  /** Logins, `me`, `none`. */
  readonly assignee?: readonly string[];
  /** Label names, compared folded. */
  readonly label?: readonly string[];
  readonly priority?: readonly Priority[];
  readonly type?: readonly string[];
  /** Cycle names, `none`. */
  readonly cycle?: readonly string[];
  /** Full text over refs, titles, bodies and fetched comments. */
  readonly q?: string;
  /** Both ends exclusive, milliseconds since the epoch. */
  readonly updated?: { readonly after?: number; readonly before?: number };
};

export const sortKeys = ["priority", "updated", "created", "manual", "relevance"] as const;

/**
 * `priority` puts urgent first; `updated` and `created` the newest first; `relevance` what fits the searched text best, and is the order of updates without a
 * text. `reverse` is written as `-` before the key.
 */
export type Sort = { readonly key: (typeof sortKeys)[number]; readonly reverse: boolean };

export const filterKeys = [
  "tracker",
  "project",
  "status",
  "state",
  "assignee",
  "label",
  "priority",
  "type",
  "cycle",
  "q",
  "updated",
  "sort",
] as const;
