import { type AgentState, agentStates } from "./agent.ts";
import type { Priority } from "./priority.ts";
import type { Status } from "./status.ts";

/** Selects issues: all given fields must match, each by any of its values. An empty or absent field matches all. */
export type IssueFilter = {
  readonly tracker?: readonly string[];
  readonly project?: readonly string[];
  readonly status?: readonly Status[];
  /** Names of native states, compared folded. */
  readonly state?: readonly string[];
  /** Logins, `me`, `none`. */
  readonly assignee?: readonly string[];
  /** Label names, compared folded. */
  readonly label?: readonly string[];
  readonly priority?: readonly Priority[];
  readonly type?: readonly string[];
  /** Cycle names, `none`. */
  readonly cycle?: readonly string[];
  /** Whether an unfinished issue blocks it, in any tracker. */
  readonly blocked?: readonly Blocked[];
  /** The state of the last agent in its workspace, `any`, `none`. */
  readonly agent?: readonly AgentWord[];
  /** Full-text search over refs, titles, bodies and fetched comments. */
  readonly q?: string;
  /** Both ends exclusive, milliseconds since the epoch. */
  readonly updated?: { readonly after?: number; readonly before?: number };
};

export const blockedWords = ["yes", "no"] as const;

export type Blocked = (typeof blockedWords)[number];

export const agentWords = [...agentStates, "any", "none"] as const;

export type AgentWord = AgentState | "any" | "none";

export const sortKeys = ["priority", "updated", "created", "manual", "relevance"] as const;

/**
 * `priority` sorts urgent first; `updated` and `created` newest first; `relevance` the best match of the search text first, or by `updated` if there is none.
 * `reverse` is written as `-` before the key.
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
  "blocked",
  "agent",
  "q",
  "updated",
  "sort",
] as const;
