import type { AgentState } from "../../domain/agent.ts";
import type { Cycle, Label, NativeState, Person } from "../../domain/issue.ts";
import type { Priority } from "../../domain/priority.ts";
import type { Status } from "../../domain/status.ts";

/** An issue as cards and lists show it. */
export type IssueCard = {
  readonly id: number;
  readonly ref: string;
  /** What finds exactly this issue: its ref, or more than that where others have it too. */
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
    /** null where it is not mirrored, like `address`. */
    readonly ref: string | null;
    /** As the issue's own. */
    readonly address: string | null;
    /** Its ref, else what its tracker calls it; null where that tells its id alone. */
    readonly key: string | null;
    /** null where it is not mirrored and the tracker does not tell it with the child, like `url`. */
    readonly title: string | null;
    readonly url: string | null;
    /** null where the tracker named it by its address and it is not mirrored. */
    readonly nativeId: string | null;
  } | null;
  readonly children: { readonly done: number; readonly total: number };
  readonly cycle: Cycle | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** In the manual order, the highest first. */
  readonly rank: number;
  readonly closedAt: number | null;
  readonly dueDate: string | null;
  readonly estimate: number | null;
  readonly commentCount: number | null;
  /** Refs of unfinished issues that block this one, of any tracker. */
  readonly blockedBy: readonly string[];
  /** How its changes stand on their way to the tracker: the one that needs the user most. */
  readonly sync: CardSync;
  readonly workspace: { readonly id: number; readonly branch: string; readonly path: string } | null;
  /** The last agent in that workspace. */
  readonly agent: {
    readonly id: number;
    readonly name: string;
    readonly state: AgentState;
    readonly since: number;
  } | null;
  /** The project keeps status changes to itself; `trackerStatus` is what the tracker has. */
  readonly shadow: { readonly trackerStatus: Status } | null;
};

/** See `IssueCard.sync`. */
export type CardSync = {
  readonly state: "synced" | "pending" | "failed" | "conflict";
  /** Why, in words for people; null for a change that simply waits its turn. */
  readonly reason: string | null;
  /** The operation meant, for retry, drop and resolve. */
  readonly operation: number | null;
  /** How the pending one stands: `waiting` with the time of the next try. */
  readonly waitsUntil: number | null;
};
