import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { addSources } from "../../../test/support/each-database.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { openTestStore } from "../../../test/support/open-test-store.ts";
import { makeIssue, makePage, makeSource, mapping, vocabulary } from "../../../test/support/store-fixtures.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { statusOf } from "../../domain/mapping.ts";
import type { FieldChange } from "../../domain/operation.ts";
import { withChange } from "../../domain/overlay.ts";
import type { Status } from "../../domain/status.ts";
import type { Store } from "../store.ts";

const some = fc.uniqueArray(fc.constantFrom("l-bug", "l-progress", "l-plan"), { maxLength: 2 });
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("edit" as const), add: some, remove: some, isMove: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("send" as const) }) },
  ),
  { maxLength: 7 },
);

const by = { actor: "you", session: "folding" };

const sorted = ({ stateId, labelIds }: NativeIssue) => [stateId, labelIds.toSorted()];

let folder: string;
let store: Store;
let source: number;
let issues = 0;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "pan-folding-"));
  store = await openTestStore(join(folder, "mirror.db"));
  [source = 0] = await addSources(store, makeSource("acme/shop"));
});
after(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Adds an issue with these labels; returns its id. */
async function putIssue(labelIds: readonly string[]): Promise<number> {
  issues += 1;
  await store.mirror.applyPage(source, makePage([makeIssue(issues, { labelIds })]));
  const asked = { key: `#${issues}`, prefix: "shop", sourceKey: null, tracker: "github", host: null };
  const [found] = await store.board.find(asked);
  assert.ok(found);
  return found.id;
}

/** Starts sending the oldest waiting change, unless another one is in flight. */
async function sendNext(issueId: number): Promise<void> {
  const operations = (await store.outbox.listOf(issueId)).toReversed();
  const next = operations.find(({ state }) => state === "queued");
  if (next === undefined || operations.some(({ state }) => state === "sending")) return;
  await store.outbox.sending.begin(next, { steps: [{ name: "edit" }], lookAt: null });
}

function statusWith(isClosed: boolean, labelIds: Iterable<string>): Status {
  const names = new Map(vocabulary.labels.map(({ id, name }) => [id, name]));
  const labels = [...labelIds].map((id) => names.get(id) ?? id);
  return statusOf(mapping, { stateId: isClosed ? "closed" : "open", labels });
}

/** Asserts that waiting changes mention each label once and nothing that is already so, and that each move starts where the earlier ones end. */
async function assertNothingTwice(issueId: number): Promise<void> {
  const { base } = await store.outbox.issue(issueId);
  let shown = base;
  const said = new Set<string>();
  for (const { state, fields } of (await store.outbox.listOf(issueId)).toReversed()) {
    if (state !== "queued" && state !== "sending") continue;
    for (const change of fields) {
      const status = statusWith(shown.stateId === "closed", shown.labelIds);
      if (change.field === "status") assert.equal(change.from, status, "a move begins where the issue will be");
      if (change.field !== "labels") continue;
      for (const id of [...change.add, ...change.remove]) {
        assert.equal(shown.labelIds.includes(id), change.remove.includes(id), `${id} is not so already`);
        assert.ok(state === "sending" || !said.has(id), `${id} is decided once`);
        if (state === "queued") said.add(id);
      }
    }
    shown = fields.reduce(withChange, shown);
  }
}

test("labels and states are shown as last requested, however changes fold", async () => {
  await fc.assert(
    fc.asyncProperty(some, steps, async (first, taken) => {
      const issueId = await putIssue(first);
      const labels = new Set(first);
      let isClosed = false;
      for (const step of taken) {
        if (step.kind === "send") await sendNext(issueId);
        else {
          const remove = step.remove.filter((id) => !step.add.includes(id));
          const from = statusWith(isClosed, labels);
          const states = ["open", "closed"];
          if (isClosed) states.reverse();
          for (const id of step.add) labels.add(id);
          for (const id of remove) labels.delete(id);
          if (step.isMove) isClosed = !isClosed;
          const [was = "", is = ""] = states;
          const move: readonly FieldChange[] = [
            { field: "status", from, to: statusWith(isClosed, labels) },
            { field: "state", from: was, to: is },
          ];
          const change: FieldChange = { field: "labels", add: step.add, remove };
          await store.outbox.edit(issueId, [...(step.isMove ? move : []), change], by);
        }
        await assertNothingTwice(issueId);
        const { base, shown } = await store.outbox.issue(issueId);
        const operations = (await store.outbox.listOf(issueId)).filter(({ settledAt }) => settledAt === null);
        const isAsBefore = JSON.stringify(sorted(shown)) === JSON.stringify(sorted(base));
        if (isAsBefore && operations.every(({ state }) => state === "queued")) {
          assert.deepEqual(operations, [], "what came back to where it was is not sent");
        }
        assert.deepEqual([...shown.labelIds].toSorted(), [...labels].toSorted());
        assert.equal(shown.stateId, isClosed ? "closed" : "open");
      }
    }),
    { numRuns: Number(process.env["FOLDINGS"] ?? 100) },
  );
});

test("a move overtaken by another person's move still conflicts with it after folding", async () => {
  const issueId = await putIssue([]);
  const move: readonly FieldChange[] = [
    { field: "status", from: "backlog", to: "done" },
    { field: "state", from: "open", to: "closed" },
  ];
  await store.outbox.edit(issueId, [...move, { field: "labels", add: ["l-bug"], remove: [] }], by);
  const theirs = makeIssue(issues, { labelIds: ["l-review"] });
  await store.mirror.applyPage(source, makePage([theirs], { requestedAt: 20_000 }));
  await store.outbox.edit(issueId, [{ field: "labels", add: [], remove: ["l-bug"] }], by);
  const [left, ...others] = await store.outbox.listOf(issueId);
  assert.deepEqual(others, []);
  assert.deepEqual(left?.fields, move, "it began in the backlog, and the issue is in review");
});
