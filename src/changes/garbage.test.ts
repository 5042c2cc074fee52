import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { after, before } from "../../test/support/hooks.ts";
import { isPanopticonError } from "../domain/error.ts";
import type { IssueDraft, IssuePatch } from "./changes.ts";
import { draftKeys } from "./create/read-draft.ts";
import { patchKeys } from "./edit/read-edit.ts";
import { type ChangesStage, openChangesStage, you } from "../../test/support/changes-stage.ts";

const words = fc.constantFrom(
  "done",
  "In Review",
  "urgent",
  "bug",
  "me",
  "ann",
  "Sprint 1",
  "app#2",
  "MIN-1",
  "2026-11-22",
  "Bug",
  "\0",
  "",
);
const value = fc.oneof(
  { weight: 3, arbitrary: words },
  { weight: 2, arbitrary: fc.array(words, { maxLength: 4 }) },
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.constantFrom(null, undefined, true, -1, 0, 3, {}, [[]], { severity: "Crash" }, { severity: {} }),
  fc.anything(),
);
const object = (keys: readonly string[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 5, noNullPrototype: true }) },
    fc.anything(),
  );
describe("any patch and any draft", () => {
  let stage: ChangesStage;
  before(async () => {
    stage = await openChangesStage();
    stage.asked.choices = [
      { id: "11", name: "Start", stateId: "doing", stateName: "Doing", fields: [], reversible: true },
      { id: "21", name: "Close", stateId: "closed", stateName: "Closed", fields: [], reversible: true },
    ];
  });
  after(() => stage.close());

  /** Checks that the change is either made, or refused in plain words with nothing queued. */
  const isRead = async (work: () => Promise<unknown>) => {
    const sequence = await stage.store.changes.sequence();
    try {
      await work();
    } catch (error) {
      assert.ok(isPanopticonError(error), String(error));
      assert.notEqual(error.code, "internal", error.message);
      assert.equal(await stage.store.changes.sequence(), sequence, error.message);
    }
  };

  it("is parsed as a change or refused", async () => {
    const ids = [await stage.id("app#1"), await stage.id("MIN-1")];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ids), object([...patchKeys, "nothing"]), (id, patch) =>
        isRead(() => stage.changes.edit(id, patch as IssuePatch, you)),
      ),
      { numRuns: 150 },
    );
  });

  it("is parsed as a new issue or refused", async () => {
    const draft = fc.oneof(
      object([...draftKeys, "nothing"]),
      object([...draftKeys, "nothing"]).map((rest) => ({ ...(rest as object), source: "MIN", title: "New" })),
    );
    await fc.assert(
      fc.asyncProperty(draft, (written) => isRead(() => stage.changes.create(written as IssueDraft, you))),
      { numRuns: 100 },
    );
  });

  it("is undone, or refused with a reason", async (t) => {
    const said: string[] = [];
    for (;;) {
      let left = true;
      await isRead(async () => {
        await stage.changes.undo(you).catch((error: unknown) => {
          left = !isPanopticonError(error) || error.code !== "not_found";
          if (left) said.push(String(error));
        });
      });
      if (!left) break;
    }
    for (const why of said) t.diagnostic(why);
    for (const ref of ["app#1", "MIN-1"]) {
      const { base, shown } = await stage.store.outbox.issue(await stage.id(ref));
      if (said.length === 0) assert.deepEqual({ ...shown, relations: [] }, { ...base, relations: [] });
    }
    assert.equal(await stage.store.board.total(), 8);
  });
});
