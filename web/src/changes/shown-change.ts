import type { IssueDetailShape, IssueShape } from "../../../src/server/contract/issue.ts";
import type { Priority } from "../../../src/domain/priority.ts";
import { foldName } from "../../../src/domain/fold-name.ts";
import { statusLabels, type Status } from "../../../src/domain/status.ts";

/** The optimistic effect of a change on an issue; absent fields stay as they are. */
export type ShownChange = {
  readonly title?: string;
  readonly body?: string;
  readonly status?: Status;
  /** The requested native state, or the one that comes with the status, if known. */
  readonly nativeState?: string | null;
  readonly priority?: Priority;
  readonly type?: string;
  readonly estimate?: number | null;
  readonly dueDate?: string | null;
  readonly cycle?: IssueShape["cycle"];
  readonly parent?: IssueShape["parent"];
  /** In manual order. */
  readonly rank?: number;
  readonly addLabels?: readonly IssueShape["labels"][number][];
  readonly removeLabels?: readonly string[];
  readonly addAssignees?: readonly IssueShape["assignees"][number][];
  readonly removeAssignees?: readonly string[];
};

type Person = IssueShape["assignees"][number];
type Label = IssueShape["labels"][number];

function withLabels(labels: readonly Label[], change: ShownChange): Label[] {
  const gone = new Set((change.removeLabels ?? []).map(foldName));
  const kept = labels.filter(({ name }) => !gone.has(foldName(name)));
  const has = new Set(kept.map(({ name }) => foldName(name)));
  return [...kept, ...(change.addLabels ?? []).filter(({ name }) => !has.has(foldName(name)))];
}

function withAssignees(people: readonly Person[], change: ShownChange): Person[] {
  const gone = new Set(change.removeAssignees);
  const kept = people.filter(({ login }) => !gone.has(login));
  const has = new Set(kept.map(({ login }) => login));
  return [...kept, ...(change.addAssignees ?? []).filter(({ login }) => !has.has(login))];
}

const pending: IssueShape["sync"] = { state: "pending", reason: null, operation: null, waitsUntil: null };

/** The issue with the change applied, marked as updated at `madeAt` and pending. */
export function showChange<T extends IssueShape | IssueDetailShape>(issue: T, change: ShownChange, madeAt: string): T {
  const { title, body, status, nativeState, priority, type, estimate, dueDate, cycle, parent, rank } = change;
  const moved = status !== undefined && status !== issue.status;
  // Until the tracker's name for the new state is known, use the column's name rather than the old state.
  const state = nativeState ?? (moved ? statusLabels[status] : undefined);
  const shown = {
    ...issue,
    ...(title !== undefined && { title }),
    ...(body !== undefined && "body" in issue && { body }),
    ...(moved && { status }),
    ...(state !== undefined && { nativeState: { name: state, category: issue.nativeState.category } }),
    ...(priority !== undefined && priority !== issue.priority && { priority, nativePriority: null }),
    ...(type !== undefined && { type }),
    ...(estimate !== undefined && { estimate }),
    ...(dueDate !== undefined && { dueDate }),
    ...(cycle !== undefined && { cycle }),
    ...(parent !== undefined && { parent }),
    ...((change.addLabels || change.removeLabels) && { labels: withLabels(issue.labels, change) }),
    ...((change.addAssignees || change.removeAssignees) && { assignees: withAssignees(issue.assignees, change) }),
  };
  // Ranks and unchanged values are not sent to the tracker, so they leave nothing pending.
  const isSent = body !== undefined || JSON.stringify(shown) !== JSON.stringify(issue);
  const updatedAt = madeAt > issue.updatedAt ? madeAt : issue.updatedAt;
  return { ...shown, ...(rank !== undefined && { rank }), ...(isSent && { sync: pending, updatedAt }) };
}

/** The change that reverts `change`, given the issue before it. */
export function inverseChange(before: IssueShape | IssueDetailShape, change: ShownChange): ShownChange {
  const had = new Set(before.labels.map(({ name }) => foldName(name)));
  const were = new Set(before.assignees.map(({ login }) => login));
  const goneLabels = new Set((change.removeLabels ?? []).map(foldName));
  const gonePeople = new Set(change.removeAssignees);
  return {
    ...(change.title !== undefined && { title: before.title }),
    ...(change.body !== undefined && "body" in before && { body: before.body }),
    ...((change.status !== undefined || change.nativeState != null) && {
      status: before.status,
      nativeState: before.nativeState.name,
    }),
    ...(change.priority !== undefined && { priority: before.priority }),
    ...(change.type !== undefined && { type: before.type }),
    ...(change.estimate !== undefined && { estimate: before.estimate }),
    ...(change.dueDate !== undefined && { dueDate: before.dueDate }),
    ...(change.cycle !== undefined && { cycle: before.cycle }),
    ...(change.parent !== undefined && { parent: before.parent }),
    ...(change.rank !== undefined && { rank: before.rank }),
    ...((change.addLabels || change.removeLabels) && {
      addLabels: before.labels.filter(({ name }) => goneLabels.has(foldName(name))),
      removeLabels: (change.addLabels ?? []).flatMap(({ name }) => (had.has(foldName(name)) ? [] : [name])),
    }),
    ...((change.addAssignees || change.removeAssignees) && {
      addAssignees: before.assignees.filter(({ login }) => gonePeople.has(login)),
      removeAssignees: (change.addAssignees ?? []).flatMap(({ login }) => (were.has(login) ? [] : [login])),
    }),
  };
}
