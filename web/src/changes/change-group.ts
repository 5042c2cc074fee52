import type { IssuePatch } from "../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { ShownChange } from "./shown-change.ts";

/** A change to one issue: the patch for the server, and how to show it until the server answers. */
export type Edit = {
  readonly issue: IssueShape;
  readonly patch: IssuePatch;
  readonly shown: ShownChange;
  /** The row of the new column where the card was dropped. */
  readonly putAt?: number;
};

/** Whether an edit only changes places in the manual order, which no tracker stores. */
export function isPlacing({ patch }: Edit): boolean {
  return Object.keys(patch).every((key) => key === "rank");
}

/** One user action on one or more issues; undone as a whole. */
export type ChangeGroup = {
  readonly id: number;
  /** The undo step's name: the server reverts exactly this, however many calls it took. */
  readonly step: string;
  readonly edits: readonly Edit[];
  /** `MIN-123 moved to In Review` */
  readonly what: string;
  readonly state: "unsent" | "sending" | "unreachable" | "sent" | "failed";
  /** Outbox operations, once the server has answered. */
  readonly operations: readonly number[];
  /** The issue, for changes whose response names no operation. */
  readonly address?: string;
  /** An issue that was created: its initial address, and what is said of it after its ref. */
  readonly created?: { readonly address: string; readonly words: string };
};

export type Choice = { readonly transition: string; readonly fields: Readonly<Record<string, unknown>> };
