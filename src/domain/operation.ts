import type { NativeRelation } from "./issue.ts";
import type { Status } from "./status.ts";

/** What one entry of the outbox does to an issue. */
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
 * Where an operation stands. `queued`, `sending`, `waiting` (a limit, an outage) and `unknown` (the answer was lost) are open: what is shown has
 * them laid over the tracker's values. `refused` and `conflict` wait for the user. The others are over; `merged` was folded into a later one.
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

/** Still to be sent or looked for. */
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

/** A native value: an id, a text, a number, a day. */
export type FieldValue = string | number | null;

/**
 * One changed field in native values, so that undo restores exactly what was there. `state`, `priority`, `cycle`, `parent` and the members of sets are
 * native ids; a label that is to be made is `name:` and its name (see `newLabelId`).
 */
export type FieldChange = ScalarChange | SetChange | StatusChange | CustomChange;

export type ScalarChange = { readonly field: ScalarField; readonly from: FieldValue; readonly to: FieldValue };

export type SetChange = {
  readonly field: SetField;
  readonly add: readonly string[];
  readonly remove: readonly string[];
};

/**
 * What a move means, beside the native state and labels that make it: guards it against somebody else's move, and is what people read. `transition`
 * is the way the user chose where a tracker has several.
 */
export type StatusChange = {
  readonly field: "status";
  readonly from: Status;
  readonly to: Status;
  readonly transition?: string;
};

/** A field that only this tracker has, by its id. It is not mirrored: what it was (`from`) is known once it was asked for, and absent until then. */
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

/** The id of a label that the source does not have yet: it is made when it is first used. */
export function newLabelId(name: string): string {
  return `name:${name}`;
}

/** The name inside such an id; null for a label that is there. */
export function newLabelName(labelId: string): string | null {
  return labelId.startsWith("name:") ? labelId.slice("name:".length) : null;
}

/** Native ids of issues that their tracker has not named yet begin like this. */
export const localIdPrefix = "new:";

/** Who makes a change. `name` is an agent's; the word in the history is `actorName`. */
export type Actor = { readonly kind: "user" | "cli" | "api" | "agent" | "panopticon"; readonly name?: string };

/** How the history and the outbox write who did it: `you`, `cli`, `api`, `agent claude`, `panopticon`; the trackers' own people are `tracker`. */
export function actorName(actor: Actor): string {
  if (actor.kind === "user") return "you";
  return actor.name === undefined ? actor.kind : `${actor.kind} ${actor.name}`;
}

/** An issue as another issue of the same connection is told of it. */
export type IssueAddress = {
  readonly nativeId: string;
  /** `#45`, `MIN-123`. */
  readonly key: string;
  /** What the source is called in projects.yaml: `owner/repo`. */
  readonly sourceKey: string;
};

/** A label by id and name; the id is `newLabelId(name)` where it is to be made. */
export type LabelRef = { readonly id: string; readonly name: string };

/** A new issue in native values. null or empty: the tracker's default. */
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

/** Relations that are written through a call of their own; parents are a field of the child. */
export const linkTypes = ["blocks", "blocked_by", "relates", "duplicates"] as const;

export type LinkType = (typeof linkTypes)[number];

/** A relation to be made or ended; `id` is the tracker's, null before it has one. */
export type RelationChange = {
  readonly type: LinkType;
  readonly target: IssueAddress;
  readonly id: NativeRelation["id"] | null;
};

/** One of several ways to make a move, and what it asks for. */
export type MoveChoice = {
  /** The transition's id: what `transition` takes. */
  readonly id: string;
  readonly name: string;
  /** Where it leads. */
  readonly stateId: string;
  readonly stateName: string;
  readonly fields: readonly FieldSpec[];
  /** false: there is no way back from there. */
  readonly reversible: boolean;
};

/** A field of a form, as data. `id` is what `fields` takes. */
export type FieldSpec = {
  readonly id: string;
  readonly name: string;
  readonly kind: "text" | "markdown" | "number" | "date" | "choice" | "choices" | "person" | "people" | "labels";
  readonly required: boolean;
  /** The values of a choice by id. */
  readonly options: readonly { readonly id: string; readonly name: string }[];
};

/** A kind of issue that can be made in a source. */
export type IssueType = {
  /** As `NativeIssue.type` has it. */
  readonly name: string;
  /** false: exists, but is not made here (an epic that comes from elsewhere). */
  readonly creatable: boolean;
  /** It always lies below another issue. */
  readonly needsParent: boolean;
  /** The shared fields that issues of this kind have; absent: all that the tracker's capabilities name. */
  readonly has?: readonly (ScalarField | SetField)[];
  /** What a new one asks for besides title and body. */
  readonly fields: readonly FieldSpec[];
};
