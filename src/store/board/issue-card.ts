import type { AgentState } from "../../domain/agent.ts";
import type { Cycle, Label, NativeState, Person } from "../../domain/issue.ts";
import type { Priority } from "../../domain/priority.ts";
import type { Status } from "../../domain/status.ts";

/** An issue as shown on cards and in lists. */
export type IssueCard = {
  readonly id: number;
  readonly ref: string;
  /** Identifies exactly this issue: its ref, or a longer form if other issues share that. */
  readonly address: string;
  readonly tracker: string;
  readonly connection: string;
  readonly project: string;
  readonly projectName: string;
  readonly source: string;
  readonly sourceKey: string;
  readonly nativeId: string;
  readonly key: string;
  readonly url: string;
  readonly type: string;
  readonly title: string;
  readonly status: Status;
  readonly nativeState: NativeState;
  readonly priority: Priority;
  readonly nativePriority: string | null;
  readonly labels: readonly Label[];
  readonly assignees: readonly Person[];
  readonly author: Person | null;
  readonly parent: {
    /** null if it is not mirrored, like `address`. */
    readonly ref: string | null;
    /** Like the issue's own `address`. */
    readonly address: string | null;
    /** Its ref, or else its name in the tracker; null if the tracker returns only its id. */
    readonly key: string | null;
    /** null if it is not mirrored and the tracker does not return it with the child, like `url`. */
    readonly title: string | null;
    readonly url: string | null;
    /** null if it is not mirrored and the tracker identified it by its URL. */
    readonly nativeId: string | null;
  } | null;
  readonly children: { readonly done: number; readonly total: number };
  readonly cycle: Cycle | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The position in the manual order, highest first. */
  readonly rank: number;
  readonly closedAt: number | null;
  readonly dueDate: string | null;
  readonly estimate: number | null;
  readonly commentCount: number | null;
  /** Refs of unfinished issues that block this one, in any tracker. */
  readonly blockedBy: readonly string[];
  /** The sync state of its changes: of the one that needs the user most. */
  readonly sync: CardSync;
  readonly workspace: { readonly id: number; readonly branch: string; readonly path: string } | null;
  /** The last agent in that workspace. */
  readonly agent: {
    readonly id: number;
    readonly name: string;
    readonly state: AgentState;
    readonly since: number;
  } | null;
  /** Set for a shadowed project, which keeps status changes local; `trackerStatus` is the tracker's. */
  readonly shadow: { readonly trackerStatus: Status } | null;
};

/** See `IssueCard.sync`. */
export type CardSync = {
  readonly state: "synced" | "pending" | "failed" | "conflict";
  /** Why, in words for people; null for a change that is merely queued. */
  readonly reason: string | null;
  /** The operation in this state, for retry, drop and resolve. */
  readonly operation: number | null;
  /** When a `waiting` operation is tried next. */
  readonly waitsUntil: number | null;
};
