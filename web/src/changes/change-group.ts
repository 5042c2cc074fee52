import type { IssuePatch } from "../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { ShownChange } from "./shown-change.ts";

/** One issue's part of a change: what is asked of the server, and how it shows until then. */
export type Edit = {
  readonly issue: IssueShape;
  readonly patch: IssuePatch;
  readonly shown: ShownChange;
  /** Where in its new column the card was put down. */
  readonly putAt?: number;
};

/** Whether an edit changes nothing but places in the manual order, of which no tracker is told. */
export function isPlacing({ patch }: Edit): boolean {
  return Object.keys(patch).every((key) => key === "rank");
}

/** What the user did in one go, to one issue or several: undone in one go, too. */
export type ChangeGroup = {
  readonly id: number;
  /** The name of the step, by which the server takes exactly this back, however many calls it took. */
  readonly step: string;
  readonly edits: readonly Edit[];
  /** `MIN-123 moved to In Review` */
  readonly what: string;
  readonly state: "unsent" | "sending" | "unreachable" | "sent" | "failed";
  /** Entries of the outbox, once the server has answered. */
  readonly operations: readonly number[];
  /** Of a change whose answer names no entry: the issue it is about. */
  readonly address?: string;
  /** The issue that was created, by the name it had at first. */
  readonly created?: string;
};

export type Choice = { readonly transition: string; readonly fields: Readonly<Record<string, unknown>> };
