/**
 * An issue as its tracker has it, with native ids and without Panopticon's own data.
 * This is the "base" that the mirror stores. Times are milliseconds since the epoch.
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
  /** `NativePriority.id`, or null if the issue has none. */
  readonly nativePriority: string | null;
  /** `Label.id`s. */
  readonly labelIds: readonly string[];
  /** `Person.id`s. */
  readonly assigneeIds: readonly string[];
  readonly authorId: string | null;
  /** Native id of the parent, which may be in another source. */
  readonly parentId: string | null;
  /** The parent, if the tracker identifies it only by its URL (GitHub) and `parentId` is null: `#12`, or `owner/repo#12` in another source. */
  readonly parentKey?: string | null;
  /** `Cycle.id`. */
  readonly cycleId: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | null;
  /** `2026-11-22`. */
  readonly dueDate: string | null;
  readonly estimate: number | null;
  /** null if the tracker does not count them. */
  readonly commentCount: number | null;
  /** Number of children according to the tracker; null: count the mirrored ones. */
  readonly children: { readonly done: number; readonly total: number } | null;
  /** null: not known yet; `read` fetches them. */
  readonly relations: readonly NativeRelation[] | null;
  /** Number of open blockers, if the tracker counts them without naming them (`relations` is null then). */
  readonly blockerCount?: number | null;
  /** Files and links attached to the issue; absent or null: not known yet; `read` fetches them. */
  readonly attachments?: readonly NativeAttachment[] | null;
  /** What the tracker needs for conditional writes; never shown. */
  readonly version: string | null;
  /** The mark of the operation that created it, if the tracker returns it with the issue. Not stored in the mirror. */
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
  /** The tracker's id, or the URL if there is none. */
  readonly id: string;
  readonly name: string;
  /** The URL that `openFile` takes. A link elsewhere (a pull request, a design) has the URL of its target. */
  readonly url: string;
  /** null where the tracker does not tell. */
  readonly contentType: string | null;
  /** In bytes; null if the tracker does not report it. */
  readonly size: number | null;
};

export type NativeComment = {
  readonly id: string;
  readonly authorId: string | null;
  /** Markdown. */
  readonly body: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The id of the comment that started its thread; absent if there is none or the tracker does not report it. */
  readonly replyTo?: string;
};

/** A native state. If a tracker's state has several parts, they are joined into one id (`closed:not_planned`). */
export type NativeState = {
  readonly id: string;
  /** What the tracker calls it. */
  readonly name: string;
  /** The tracker's own category: Linear's type, Jira's status category, `open` or `closed`. */
  readonly category: string;
  /** Its position in the tracker's order. */
  readonly position: number;
  /** The issue types that can have this state (`NativeIssue.type`); absent: all. */
  readonly types?: readonly string[];
  /** The part of the source where the state exists; absent: everywhere. An issue moves only between states of one place (a Rally column belongs to one project). */
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

/** What is known about an issue that is not mirrored, from issues that refer to it as their parent or relation. */
export type NamedIssue = {
  /** Native id. */
  readonly id: string;
  /** What the tracker's users call it: `F29`, `BOOK-9`, `&4`. */
  readonly key: string;
  readonly title: string;
  /** Its page in the tracker. */
  readonly url: string;
};

/** The things issues refer to by id. */
export type Vocabulary = {
  readonly states: readonly NativeState[];
  readonly labels: readonly Label[];
  readonly people: readonly Person[];
  readonly cycles: readonly Cycle[];
  readonly priorities: readonly NativePriority[];
  /** Issues that others refer to, if the tracker returns more about them than their ids. */
  readonly named?: readonly NamedIssue[];
};
