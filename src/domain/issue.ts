/**
 * An issue as its tracker has it: native ids throughout, nothing of Panopticon's own in it.
 * This is the "base" that the mirror keeps. Times are milliseconds since the epoch.
 */
export type NativeIssue = {
  /** The tracker's immutable id. */
  readonly nativeId: string;
  /** What follows the source's prefix in the ref: `#45`, `!23`, `MIN-123`. */
  readonly key: string;
  /** Keys the issue had before (a moved Linear or Jira issue). */
  readonly formerKeys: readonly string[];
  readonly url: string;
  /** The tracker's own word: `issue`, `Bug`, `Story`. */
  readonly type: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** `NativeState.id`. */
  readonly stateId: string;
  /** `NativePriority.id`, or null where the tracker has none. */
  readonly nativePriority: string | null;
  /** `Label.id`s. */
  readonly labelIds: readonly string[];
  /** `Person.id`s. */
  readonly assigneeIds: readonly string[];
  readonly authorId: string | null;
  /** Native id of the parent, which may lie in another source. */
  readonly parentId: string | null;
  /** Where the tracker names the parent by its address only (GitHub) and `parentId` is null: `#12`, or `owner/repo#12` in another source. */
  readonly parentKey?: string | null;
  /** `Cycle.id`. */
  readonly cycleId: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | null;
  /** `2026-11-22`. */
  readonly dueDate: string | null;
  readonly estimate: number | null;
  /** null where the tracker does not count them. */
  readonly commentCount: number | null;
  /** Children as the tracker counts them; null: count the mirrored ones. */
  readonly children: { readonly done: number; readonly total: number } | null;
  /** null: not known yet, `read` fetches them. */
  readonly relations: readonly NativeRelation[] | null;
  /** Open blockers as the tracker counts them, where it does so without naming them (`relations` is null then). */
  readonly blockerCount?: number | null;
  /** Files and links kept with the issue; absent or null: not known yet, `read` fetches them. */
  readonly attachments?: readonly NativeAttachment[] | null;
  /** Whatever the tracker needs for conditional writes; never shown. */
  readonly version: string | null;
  /** The mark of the operation that made it, as far as the tracker tells it with the issue; by others: null, absent, or none of ours. The mirror does not keep it. */
  readonly madeBy?: string | null;
};

export const relationTypes = ["parent", "child", "blocks", "blocked_by", "relates", "duplicates"] as const;

export type RelationType = (typeof relationTypes)[number];

/** A relation as the tracker has it; `targetId` is the other issue's native id. */
export type NativeRelation = {
  readonly id: string;
  readonly type: RelationType;
  readonly targetId: string;
};

export type NativeAttachment = {
  /** The tracker's id; its address where it has none. */
  readonly id: string;
  readonly name: string;
  /** Where it is; what `openFile` takes. A link to another place (a pull request, a design) keeps that place's address. */
  readonly url: string;
  /** null where the tracker does not tell. */
  readonly contentType: string | null;
  /** In bytes; null where the tracker does not tell. */
  readonly size: number | null;
};

export type NativeComment = {
  readonly id: string;
  readonly authorId: string | null;
  /** Markdown. */
  readonly body: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The id of the comment whose thread it is in; absent: none, or the tracker does not tell. */
  readonly replyTo?: string;
};

/** A native state. Trackers whose state has several parts make one id of them (`closed:not_planned`). */
export type NativeState = {
  readonly id: string;
  /** What the tracker calls it. */
  readonly name: string;
  /** The tracker's own category: Linear's type, Jira's status category, `open` or `closed`. */
  readonly category: string;
  /** The tracker's order. */
  readonly position: number;
  /** The types of issues that can be in it, where not all can; `NativeIssue.type`s. */
  readonly types?: readonly string[];
  /** Where in the source it exists, if not everywhere: an issue moves only between states of one place (a column of Rally belongs to one project). */
  readonly place?: string;
};

export type NativePriority = { readonly id: string; readonly name: string };

export type Label = {
  readonly id: string;
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string | null;
};

export type Person = {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly avatarUrl: string | null;
};

export type Cycle = {
  readonly id: string;
  readonly name: string;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
};

/** An issue as others name it, their parent or what they are related to: what is known of one that is not mirrored itself. */
export type NamedIssue = {
  /** Native id. */
  readonly id: string;
  /** As its tracker's users call it: `F29`, `BOOK-9`, `&4`. */
  readonly key: string;
  readonly title: string;
  /** Where it is in its tracker. */
  readonly url: string;
};

/** The things issues refer to by id. */
export type Vocabulary = {
  readonly states: readonly NativeState[];
  readonly labels: readonly Label[];
  readonly people: readonly Person[];
  readonly cycles: readonly Cycle[];
  readonly priorities: readonly NativePriority[];
  /** Issues that others name, where the tracker tells more of them there than their ids. */
  readonly named?: readonly NamedIssue[];
};
