import type { NativeRelation } from "./issue.ts";
import type { Status } from "./status.ts";

/** The kinds of outbox entries. */
export const operationKinds = [
  "create",
  "edit",
  "comment",
  "edit_comment",
  "delete_comment",
  "relate",
  "unrelate",
] as const;

export type OperationKind = (typeof operationKinds)[number];

/**
 * The state of an operation. `queued`, `sending`, `waiting` (for a limit or an outage) and `unknown` (the response was lost) are open: their values are shown over
 * the tracker's. `refused` and `conflict` need the user. The others are finished; `merged` means folded into a later operation.
 */
export const operationStates = [
  "queued",
  "sending",
  "waiting",
  "unknown",
  "refused",
  "conflict",
  "written",
  "merged",
  "dropped",
  "undone",
] as const;

export type OperationState = (typeof operationStates)[number];

/** Still to be sent, or to be looked up after a lost response. */
export const openStates: readonly OperationState[] = ["queued", "sending", "waiting", "unknown"];

export const scalarFields = [
  "title",
  "body",
  "state",
  "priority",
  "cycle",
  "dueDate",
  "estimate",
  "parent",
  "type",
] as const;

export type ScalarField = (typeof scalarFields)[number];

export const setFields = ["labels", "assignees"] as const;

export type SetField = (typeof setFields)[number];

/** A native value: an id, a text, a number or a date. */
export type FieldValue = string | number | null;

/**
 * One changed field in native values, so that undo restores exactly what was there. `state`, `priority`, `cycle`, `parent` and the members of sets are
 * native ids; a label that does not exist yet is `name:` followed by its name (see `newLabelId`).
 */
export type FieldChange = ScalarChange | SetChange | StatusChange | CustomChange;

export type ScalarChange = { readonly field: ScalarField; readonly from: FieldValue; readonly to: FieldValue };

export type SetChange = {
  readonly field: SetField;
  readonly add: readonly string[];
  readonly remove: readonly string[];
};

/**
 * The meaning of a move, in addition to the native state and labels that implement it. Used to detect a conflict with another person's move, and to describe
 * the move to people. `transition` is the one the user chose if there are several.
 */
export type StatusChange = {
  readonly field: "status";
  readonly from: Status;
  readonly to: Status;
  readonly transition?: string;
};

/** A field that only this tracker has, by its id. It is not mirrored, so its previous value (`from`) is absent until it has been requested. */
export type CustomChange = {
  readonly field: "custom";
  readonly id: string;
  readonly to: unknown;
  readonly from?: unknown;
};

export function isSetChange(change: FieldChange): change is SetChange {
  return change.field === "labels" || change.field === "assignees";
}

export function isScalarChange(change: FieldChange): change is ScalarChange {
  return !isSetChange(change) && change.field !== "status" && change.field !== "custom";
}

/** The id of a label that the source does not have yet; it is created on first use. */
export function newLabelId(name: string): string {
  return `name:${name}`;
}

/** The name in an id from `newLabelId`; null for an existing label. */
export function newLabelName(labelId: string): string | null {
  return labelId.startsWith("name:") ? labelId.slice("name:".length) : null;
}

/** The prefix of native ids of issues that do not exist in their tracker yet. */
export const localIdPrefix = "new:";

/** Who makes a change. `name` is the agent's name; see `actorName` for how the history shows it. */
export type Actor = { readonly kind: "user" | "cli" | "api" | "agent" | "panopticon"; readonly name?: string };

/** How the history and the outbox name an actor: `you`, `cli`, `api`, `agent claude`, `panopticon`. Changes made in a tracker have `tracker`. */
export function actorName(actor: Actor): string {
  if (actor.kind === "user") return "you";
  return actor.name === undefined ? actor.kind : `${actor.kind} ${actor.name}`;
}

/** How an issue of the same connection is identified to its tracker. */
export type IssueAddress = {
  readonly nativeId: string;
  /** `#45`, `MIN-123`. */
  readonly key: string;
  /** What the source is called in projects.yaml: `owner/repo`. */
  readonly sourceKey: string;
};

/** A label by id and name; the id is `newLabelId(name)` if it does not exist yet. */
export type LabelRef = { readonly id: string; readonly name: string };

/** A new issue in native values. null or empty means the tracker's default. */
export type NativeDraft = {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly type: string | null;
  readonly stateId: string | null;
  readonly nativePriority: string | null;
  readonly labels: readonly LabelRef[];
  readonly assigneeIds: readonly string[];
  readonly cycleId: string | null;
  readonly dueDate: string | null;
  readonly estimate: number | null;
  readonly parent: IssueAddress | null;
  /** The tracker's own fields by their ids. */
  readonly fields: Readonly<Record<string, unknown>>;
};

/** Relations that have their own calls. A parent is a field of the child instead. */
export const linkTypes = ["blocks", "blocked_by", "relates", "duplicates"] as const;

export type LinkType = (typeof linkTypes)[number];

/** A relation to create or remove. `id` is the tracker's id, null before there is one. */
export type RelationChange = {
  readonly type: LinkType;
  readonly target: IssueAddress;
  readonly id: NativeRelation["id"] | null;
};

/** One of several transitions for a move, and the fields it requires. */
export type MoveChoice = {
  /** The transition's id: what `transition` takes. */
  readonly id: string;
  readonly name: string;
  /** The state it leads to. */
  readonly stateId: string;
  readonly stateName: string;
  readonly fields: readonly FieldSpec[];
  /** false if there is no transition back. */
  readonly reversible: boolean;
};

/** A form field, as data. `id` is its key in `fields`. */
export type FieldSpec = {
  readonly id: string;
  readonly name: string;
  readonly kind: "text" | "markdown" | "number" | "date" | "choice" | "choices" | "person" | "people" | "labels";
  readonly required: boolean;
  /** The options of a choice. */
  readonly options: readonly { readonly id: string; readonly name: string }[];
};

/** An issue type of a source. */
export type IssueType = {
  /** As in `NativeIssue.type`. */
  readonly name: string;
  /** false if issues of this type exist but cannot be created here (an epic from elsewhere). */
  readonly creatable: boolean;
  /** Whether an issue of this type must have a parent. */
  readonly needsParent: boolean;
  /** The shared fields that issues of this type have; absent: all in the tracker's capabilities. */
  readonly has?: readonly (ScalarField | SetField)[];
  /** The tracker's own fields for a new issue, in addition to title and body. */
  readonly fields: readonly FieldSpec[];
};
