import type { NativeAttachment, NativeIssue } from "../../domain/issue.ts";

/**
 * Serializes an issue's base so that equal issues give equal texts: keys in a fixed order, sets sorted.
 * Keeps known relations and attachments if the issue comes from a list without them (`null`).
 */
export function toRecord(
  issue: NativeIssue,
  known: NativeIssue | null,
): {
  readonly issue: NativeIssue;
  readonly text: string;
  /** The tracker counts blockers, but none are known, or they are from when the count was different. */
  readonly relationsUnread: boolean;
} {
  const relations = issue.relations ?? known?.relations ?? null;
  const attachments = issue.attachments ?? known?.attachments ?? null;
  const canonical: Required<Omit<NativeIssue, "blockerCount" | "attachments" | "madeBy">> &
    Pick<NativeIssue, "blockerCount" | "attachments"> = {
    nativeId: issue.nativeId,
    key: issue.key,
    formerKeys: sorted(issue.formerKeys),
    url: issue.url,
    type: issue.type,
    title: issue.title,
    body: issue.body,
    stateId: issue.stateId,
    nativePriority: issue.nativePriority,
    labelIds: sorted(issue.labelIds),
    assigneeIds: sorted(issue.assigneeIds),
    authorId: issue.authorId,
    parentId: issue.parentId,
    parentKey: issue.parentKey ?? null,
    cycleId: issue.cycleId,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    dueDate: issue.dueDate,
    estimate: issue.estimate,
    commentCount: issue.commentCount,
    children: issue.children && { done: issue.children.done, total: issue.children.total },
    relations:
      relations &&
      relations
        .map(({ id, type, targetId }) => ({ id, type, targetId }))
        .toSorted((a, b) => compare(`${a.type} ${a.targetId} ${a.id}`, `${b.type} ${b.targetId} ${b.id}`)),
    version: issue.version,
    // Left out if there are none, as for most issues, to save space.
    ...(issue.blockerCount ? { blockerCount: issue.blockerCount } : {}),
    ...(attachments === null ? {} : { attachments: attachments.map(toAttachment) }),
  };
  const blockers = issue.relations === null ? (issue.blockerCount ?? 0) : 0;
  const relationsUnread = blockers > 0 && (relations === null || (known?.blockerCount ?? 0) !== blockers);
  return { issue: canonical, text: JSON.stringify(canonical), relationsUnread };
}

function toAttachment({ id, name, url, contentType, size }: NativeAttachment): NativeAttachment {
  return { id, name, url, contentType, size };
}

/** Parses a stored base. */
export function fromRecord(text: string): NativeIssue {
  return JSON.parse(text) as NativeIssue;
}

/** Whether two bases are equal in everything that is ever shown. */
export function showsTheSame(before: NativeIssue, after: NativeIssue): boolean {
  if (before.title !== after.title || before.body !== after.body) return false;
  const shown = ({ version: _version, blockerCount: _count, ...rest }: NativeIssue) => JSON.stringify(rest);
  return shown(before) === shown(after);
}

/** Text that both databases can store: PostgreSQL has no NUL, UTF-8 no lone surrogates. */
export function plainText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes("\0") ? whole.replaceAll("\0", "") : whole;
}

function sorted(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)].sort(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
