import type { Label } from "../../domain/issue.ts";
import type { FieldChange, IssueType, LabelRef } from "../../domain/operation.ts";
import { valueOf } from "../../domain/overlay.ts";
import type { IssuePatch } from "../changes.ts";
import { difference } from "./difference.ts";
import type { EditContext } from "./edit-context.ts";
import { changeLabels, namedLabels, readLabel, readOwnLabel, withMeaning } from "../words/label-words.ts";
import { nameField } from "../words/name-field.ts";
import { readPriority } from "../words/priority-words.ts";
import { toMovable } from "../move/movable.ts";
import { readMove, type ReadMove } from "../move/read-move.ts";
import { readNames } from "../words/text-words.ts";
import { requireField } from "../words/type-words.ts";

export type Placing = {
  readonly changes: readonly FieldChange[];
  /** The tracker's own fields, if they were read with the move. */
  readonly fields: ReadonlyMap<string, unknown> | null;
};

/**
 * Reads labels, status and priority of a patch. Statuses and priorities may be labels, so the three are read together: each sees the result of the earlier
 * ones, and the labels change once.
 */
export async function readPlacing(
  patch: IssuePatch,
  context: EditContext,
  { name: typeName, type }: { readonly name: string; readonly type: IssueType | undefined },
): Promise<Placing> {
  const { addLabels, removeLabels, priority, status, state, transition } = patch;
  const asked = [addLabels, removeLabels, priority, status, state, transition];
  if (asked.every((one) => one === undefined)) return { changes: [], fields: null };
  const { source, issue } = context;
  const { shown } = issue;
  const { labels: known } = await source.vocabulary();
  const before = await ownLabels(known, context);
  const changes: FieldChange[] = [];
  let labels = await readLabels();
  const move = await readMoveOnly();
  await readPriorityOnly();
  const change = difference(idsOf(before), idsOf(labels));
  if (change !== null) {
    await nameField("addLabels", () => requireField(source, typeName, "labels"));
    changes.push({ field: "labels", ...change });
  }
  return { changes, fields: move?.fields ?? null };

  async function readLabels(): Promise<readonly LabelRef[]> {
    const add = await nameField("addLabels", () =>
      readNames(addLabels, "labels").map((name) => readLabel(name, known, source)),
    );
    const remove = await nameField("removeLabels", () =>
      readNames(removeLabels, "labels").flatMap((name) => readOwnLabel(name, before, known, source) ?? []),
    );
    return changeLabels(before, add, namesOf(remove));
  }

  async function readMoveOnly(): Promise<ReadMove | null> {
    const placed = toMovable(issue, { type: typeName, labels: namesOf(labels), status: context.status });
    const field = transition !== undefined ? "transition" : state !== undefined ? "state" : "status";
    const read = await nameField(field, () => readMove(patch, placed, { source, type, ask: context.ask }));
    if (read === null) return null;
    if (read.status !== context.status || read.transition !== undefined) {
      const way = read.transition === undefined ? {} : { transition: read.transition };
      changes.push({ field: "status", from: context.status, to: read.status, ...way });
    }
    // A shadowed project leaves the tracker's state and labels alone.
    if (source.config.shadow) return read;
    const [from, to] = [valueOf(shown, "state"), read.move.stateId];
    if (from !== to) changes.push({ field: "state", from, to });
    labels = withMeaning(labels, read.move, known);
    return read;
  }

  async function readPriorityOnly(): Promise<void> {
    if (priority === undefined) return;
    await nameField("priority", async () => {
      const rated = { nativePriority: shown.nativePriority, labels: namesOf(labels) };
      const raised = await readPriority(priority, rated, source);
      if (raised === null) return;
      requireField(source, typeName, "priority");
      if (raised.kind === "labels") labels = withMeaning(labels, raised, known);
      else changes.push({ field: "priority", from: valueOf(shown, "priority"), to: raised.nativePriority });
    });
  }
}

/** The issue's labels by id and name; looks up those that the source's list does not contain. */
async function ownLabels(known: readonly Label[], { issue, detail }: EditContext): Promise<readonly LabelRef[]> {
  const ids = issue.shown.labelIds;
  const own = namedLabels(ids, known);
  return own.length === ids.length ? own : namedLabels(ids, [...known, ...(await detail()).labels]);
}

function namesOf(labels: readonly LabelRef[]): readonly string[] {
  return labels.map(({ name }) => name);
}

function idsOf(labels: readonly LabelRef[]): readonly string[] {
  return labels.map(({ id }) => id);
}
