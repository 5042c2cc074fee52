import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { addSources } from "../../../test/support/each-database.ts";
import { openTestStore } from "../../../test/support/open-test-store.ts";
import { makeIssue, makePage, makeSource } from "../../../test/support/store-fixtures.ts";
import type { FieldChange } from "../../domain/operation.ts";
import type { Store } from "../store.ts";

const some = fc.uniqueArray(fc.constantFrom("l-bug", "l-urgent", "l-plan"), { maxLength: 2 });
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

/** A new issue with these labels; gives its id. */
async function putIssue(labelIds: readonly string[]): Promise<number> {
  issues += 1;
  await store.mirror.applyPage(source, makePage([makeIssue(issues, { labelIds })]));
  const asked = { key: `#${issues}`, prefix: "shop", sourceKey: null, tracker: "github", host: null };
  const [found] = await store.board.find(asked);
  assert.ok(found);
  return found.id;
}

/** The oldest change that waits is on its way, unless another one is. */
async function sendNext(issueId: number): Promise<void> {
  const operations = (await store.outbox.list({ issueId })).toReversed();
  const next = operations.find(({ state }) => state === "queued");
  if (next === undefined || operations.some(({ state }) => state === "sending")) return;
  await store.outbox.sending.begin(next, { steps: [{ name: "edit" }], lookAt: null });
}

function moveFields(isClosed: boolean): readonly FieldChange[] {
  return isClosed
    ? [
        { field: "status", from: "done", to: "backlog" },
        { field: "state", from: "closed", to: "open" },
      ]
    : [
        { field: "status", from: "backlog", to: "done" },
        { field: "state", from: "open", to: "closed" },
      ];
}

test("whatever folds with what, labels and states are shown as they were last asked for", async () => {
  await fc.assert(
    fc.asyncProperty(some, steps, async (first, taken) => {
      const issueId = await putIssue(first);
      const labels = new Set(first);
      let isClosed = false;
      for (const step of taken) {
        if (step.kind === "send") await sendNext(issueId);
        else {
          const remove = step.remove.filter((id) => !step.add.includes(id));
          const change: FieldChange = { field: "labels", add: step.add, remove };
          await store.outbox.edit(issueId, [...(step.isMove ? moveFields(isClosed) : []), change], {
            actor: "you",
            session: "folding",
          });
          for (const id of step.add) labels.add(id);
          for (const id of remove) labels.delete(id);
          if (step.isMove) isClosed = !isClosed;
        }
        const { shown } = await store.outbox.issue(issueId);
        assert.deepEqual([...shown.labelIds].toSorted(), [...labels].toSorted());
        assert.equal(shown.stateId, isClosed ? "closed" : "open");
      }
    }),
    { numRuns: 100 },
  );
});
