import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ChangesStage, openChangesStage, you } from "../../../test/support/changes-stage.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { MoveChoice } from "../../domain/operation.ts";
import type { IssuePatch } from "../changes.ts";

const ref = fc.constantFrom("app#1", "app#2", "app#3", "MIN-1", "MIN-2", "MIN-3");
const label = fc.constantFrom("bug", "In Progress", "planning", "in review");
/** Changes of labels, of a status that labels stand for, and of both at once. */
const labelling = fc.record(
  {
    status: fc.constantFrom("backlog", "planning", "in_progress", "in_review", "done"),
    addLabels: fc.array(label, { maxLength: 2 }),
    removeLabels: fc.array(label, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const labels = fc.array(fc.constantFrom("P0", "bug", "In Progress", "planning"), { maxLength: 2 });
const people = fc.constantFrom([], ["me"], ["ann"]);
const patch = fc.record(
  {
    title: fc.constantFrom("A", "B", "Issue 1"),
    body: fc.constantFrom("x", "y\nz", ""),
    status: fc.constantFrom("backlog", "in_progress", "in_review", "done", "canceled"),
    priority: fc.constantFrom(0, 1, 2, 4),
    addLabels: labels,
    removeLabels: labels,
    addAssignees: people,
    removeAssignees: people,
    dueDate: fc.constantFrom(null, "2026-12-01", "2026-12-02"),
    estimate: fc.constantFrom(null, 1, 2),
    cycle: fc.constantFrom(null, "Sprint 1"),
    parent: fc.oneof(fc.constant(null), ref),
    type: fc.constantFrom("Story", "Task"),
    rank: fc.oneof(fc.record({ before: ref }), fc.record({ after: ref })),
  },
  { requiredKeys: [] },
);
const relating = fc.record({
  kind: fc.constant("relate" as const),
  ref,
  other: ref,
  type: fc.constantFrom("blocks", "blocked_by", "relates", "duplicates", "parent", "child"),
});
const unrelating = fc.record({ kind: fc.constant("unrelate" as const), ref, pick: fc.nat({ max: 3 }) });
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("edit" as const), ref, patch }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("bulk" as const),
      refs: fc.uniqueArray(ref, { minLength: 1, maxLength: 3 }),
      patch,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("create" as const), source: fc.constantFrom("MIN", "app") }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("comment", "edit_comment", "delete_comment"), ref }) },
  { weight: 1, arbitrary: relating },
  { weight: 1, arbitrary: unrelating },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("write" as const), ref }) },
);
type Act =
  | (typeof act extends fc.Arbitrary<infer One> ? One : never)
  | { readonly kind: "edit"; readonly ref: string; readonly patch: IssuePatch };

/** Beta's workflow has one transition to each of its states. */
const ways = ["open", "doing", "closed", "dropped", "stuck"].map((state, index): MoveChoice => ({
  id: String(index),
  name: state,
  stateId: state,
  stateName: state,
  fields: [],
  reversible: true,
}));

async function perform(stage: ChangesStage, one: Act): Promise<void> {
  const { changes } = stage;
  switch (one.kind) {
    case "edit":
      await changes.edit(await stage.id(one.ref), one.patch, you);
      return;
    case "bulk":
      await changes.bulk(one.refs, one.patch, you);
      return;
    case "create":
      await changes.create(
        one.source === "MIN"
          ? { source: "MIN", title: "New", type: "Story" }
          : { source: "acme/app", title: "Another new one" },
        you,
      );
      return;
    case "comment":
      await changes.comment(await stage.id(one.ref), "Said", you);
      return;
    case "edit_comment":
    case "delete_comment":
      await changeComment(stage, await stage.id(one.ref), one.kind === "delete_comment");
      return;
    case "relate":
      await changes.relate(await stage.id(one.ref), one.type, one.other, you);
      return;
    case "unrelate": {
      const id = await stage.id(one.ref);
      const { relations } = await stage.store.board.detail(id);
      const relation = relations[one.pick % Math.max(1, relations.length)];
      if (relation !== undefined) await changes.unrelate(id, relation.id, you);
      return;
    }
    case "write":
      await write(stage, await stage.id(one.ref));
  }
}

/** Edits or deletes the last comment, if there is one. */
async function changeComment({ store, changes }: ChangesStage, issueId: number, isDeleted: boolean): Promise<void> {
  const last = (await store.comments.list(issueId)).at(-1);
  if (last === undefined) return;
  if (isDeleted) await changes.deleteComment(issueId, last.id, you);
  else await changes.editComment(issueId, last.id, `${last.body} more`, you);
}

/** Settles the open operations of an issue as accepted by the tracker. */
async function write({ store: { outbox } }: ChangesStage, issueId: number): Promise<void> {
  for (const operation of (await outbox.listOf(issueId)).toReversed()) {
    if (operation.settledAt !== null || operation.kind !== "edit") continue;
    const { base, shown } = await outbox.issue(issueId);
    // Relations are separate operations, which stay pending.
    const answer = { issue: { ...shown, relations: base.relations }, seen: {}, requestedAt: Date.now() };
    await outbox.sending.settle(operation.id, { state: "written", answer });
  }
}

/** Everything shown of all issues, in manual order; `times`: also their update times, which writing and undoing a change does not preserve. */
async function look({ store }: ChangesStage, times: boolean): Promise<unknown> {
  const sort = { key: "manual", reverse: false } as const;
  const { issues } = await store.board.issues({ filter: {}, sort, limit: 100, cursor: null, me: {} });
  const looks = issues.map(async ({ id, ref: name }) => {
    const { shown, status } = await store.outbox.issue(id);
    const { relations } = await store.board.detail(id);
    return {
      ref: name,
      status,
      shown: {
        ...shown,
        labelIds: shown.labelIds.toSorted(),
        assigneeIds: shown.assigneeIds.toSorted(),
        relations: null,
        ...(!times && { updatedAt: null }),
      },
      relations: relations.map((relation) => `${relation.type} ${relation.ref}`).toSorted(),
      comments: (await store.comments.list(id)).map(({ body }) => body),
    };
  });
  return Promise.all(looks);
}

/** Whether the promise was fulfilled; false if a change was refused in plain words. */
async function isDone(work: Promise<unknown>): Promise<boolean | "nothing left"> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!isPanopticonError(error)) throw error;
    return error.code === "not_found" ? "nothing left" : false;
  }
}

/** Does and undoes everything, and checks that the former state is restored and that nothing unsent is sent to a tracker. */
async function doAndUndo(acts: readonly Act[]): Promise<void> {
  const stage = await openChangesStage();
  stage.asked.choices = ways;
  try {
    const isWritten = acts.some(({ kind }) => kind === "write");
    const before = await look(stage, !isWritten);
    for (const one of acts) await isDone(perform(stage, one));
    for (;;) {
      const undone = await isDone(stage.changes.undo(you));
      if (undone === "nothing left") break;
      assert.equal(undone, true);
    }
    assert.deepEqual(await look(stage, !isWritten), before);
    if (!isWritten) assert.deepEqual(await stage.store.outbox.list(), []);
    assert.deepEqual(await stage.store.check(), []);
  } finally {
    await stage.close();
  }
}

test("undoing changes of every kind one by one, written or not, restores the former state", async () => {
  await fc.assert(fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), doAndUndo), { numRuns: 50 });
});

test("undoing unsent labels set by hand and by moves leaves nothing to send", async () => {
  const edit = labelling.map((patch): Act => ({ kind: "edit", ref: "app#1", patch }));
  await fc.assert(fc.asyncProperty(fc.array(edit, { minLength: 2, maxLength: 6 }), doAndUndo), {
    numRuns: 50,
    examples: [
      [
        [
          { kind: "edit", ref: "app#1", patch: { status: "in_progress" } },
          { kind: "edit", ref: "app#1", patch: { status: "backlog", addLabels: ["bug"] } },
        ],
      ],
    ],
  });
});

test("undoes relations of all types, from either side, created and removed, one by one", async () => {
  const few = fc.constantFrom("app#1", "app#2", "MIN-1");
  const one = fc.oneof(
    {
      weight: 2,
      arbitrary: fc
        .record({ relating, ref: few, other: few })
        .map(({ relating: made, ...ends }) => ({ ...made, ...ends })),
    },
    {
      weight: 1,
      arbitrary: fc.record({ unrelating, ref: few }).map(({ unrelating: ended, ref: of }) => ({ ...ended, ref: of })),
    },
  );
  await fc.assert(fc.asyncProperty(fc.array(one, { minLength: 2, maxLength: 8 }), doAndUndo), {
    numRuns: 50,
    // From the other end, a duplicate looks like `relates`.
    examples: [
      [
        [
          { kind: "relate", ref: "app#1", type: "duplicates", other: "app#2" },
          { kind: "relate", ref: "app#2", type: "relates", other: "app#1" },
        ],
      ],
    ],
  });
});
