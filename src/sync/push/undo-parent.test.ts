import assert from "node:assert/strict";
import { test } from "node:test";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { findTracker } from "../../trackers/registry.ts";
import type { IssueCard } from "../../store/board/issue-card.ts";
import { isPanopticonError } from "../../domain/error.ts";

const you = { actor: { kind: "user" }, session: "s1" } as const;

for (const tracker of emulatedTrackers.filter((id) => findTracker(id)?.capabilities.parent)) {
  test(`${tracker}: undo restores a parent after it was written and read again`, async (t) => {
    const emulator = await startEmulator(tracker, { issues: 60, seed: 7, budget: 1_000_000 });
    t.after(() => emulator.close());
    const { store, sync, changes } = await openChangingMirror(t, emulator);
    const cards = await readAllCards(store);
    const deliver = async (issueId: number) => {
      await sync.deliver(20_000);
      const [newest] = await store.outbox.listOf(issueId, 1);
      return newest?.state;
    };
    const parentOf = async (id: number) => (await store.board.card(id)).parent?.ref ?? null;
    /** Gives one of the children a parent; not every type can have a parent or be one. */
    const give = async (children: typeof cards, except?: IssueCard) => {
      for (const child of children) {
        for (const above of cards.filter(({ source, id }) => source === child.source && id !== child.id)) {
          if (above.id === except?.id) continue;
          try {
            await changes.edit(child.id, { parent: above.address }, you);
          } catch (error) {
            if (!isPanopticonError(error)) throw error;
            continue;
          }
          if ((await deliver(child.id)) === "written") {
            await sync.syncNow();
            await sync.refreshIssue(child.id);
            assert.equal(await parentOf(child.id), above.ref);
            return { child, above };
          }
          // It was refused, or stored as a link in Panopticon only.
          await changes.undo(you);
        }
      }
      return null;
    };
    const undo = async (id: number) => {
      await changes.undo(you);
      assert.equal(await deliver(id), "written");
      await sync.refreshIssue(id);
      return parentOf(id);
    };
    const without = cards.filter(({ parent, status }) => parent === null && status === "backlog");
    const { child, above } = (await give(without)) ?? assert.fail("no issue can lie below another");
    // Jira's seed may have one epic in a project.
    if ((await give([child], above)) !== null) assert.equal(await undo(child.id), above.ref, "the parent before");
    assert.equal(await undo(child.id), null, "none, as at first");
  });
}
