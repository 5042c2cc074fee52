import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onEachDatabase } from "../../../test/support/each-database.ts";
import { by, setTwoIssues, title } from "../../../test/support/outbox-stage.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Store } from "../store.ts";

const rounds = 25;

async function found(store: Store, q: string): Promise<readonly string[]> {
  const sort = { key: "created", reverse: true } as const;
  const { issues } = await store.board.issues({ filter: { q }, sort, limit: 10, cursor: null, me: {} });
  return issues.map(({ ref }) => ref);
}

// What happens at the same moment on a database that could do it at the same moment.
describe("changes at the same moment", () => {
  onEachDatabase(({ open }) => {
    it("finds the last text, though a search wrote the former one's entry while it changed", async () => {
      const { store, id } = await setTwoIssues(await open());
      for (let round = 1; round <= rounds; round += 1) {
        const [former, last] = [`former${round}x`, `last${round}x`];
        await store.outbox.edit(id, [title("Issue 1", former)], by);
        await Promise.all([found(store, "anything"), store.outbox.edit(id, [title(former, last)], by)]);
        assert.deepEqual(await found(store, last), ["shop#1"], `round ${round}`);
        assert.deepEqual(await found(store, former), [], `round ${round}`);
      }
      assert.deepEqual(await store.check(), []);
    });

    it("sends what it began to send: a change that comes at that moment is a further one, or is sent along", async () => {
      const { store, id } = await setTwoIssues(await open());
      const { sending } = store.outbox;
      for (let round = 1; round <= rounds; round += 1) {
        await store.outbox.edit(id, [title("Issue 1", `first ${round}`)], by);
        const [due] = await sending.upcoming("github", 1);
        assert.ok(due);
        const [begun] = await Promise.all([
          sending.begin(due, { steps: [], lookAt: 0 }).then(
            () => true,
            (error: unknown) => {
              assert.ok(error instanceof PanopticonError && error.code === "conflict", String(error));
              return false;
            },
          ),
          store.outbox.edit(id, [title(`first ${round}`, `second ${round}`)], by),
        ]);
        const waiting = (await store.outbox.list()).filter(({ issueId }) => issueId === id);
        if (begun) {
          assert.deepEqual(waiting.find((one) => one.id === due.id)?.fields, due.fields, `round ${round}`);
          assert.equal(waiting.length, 2, `round ${round}`);
        }
        for (const operation of waiting) {
          if (operation.id !== due.id || !begun) await sending.begin(operation, { steps: [], lookAt: 0 });
          await sending.settle(operation.id, { state: "written" });
        }
      }
    });
  });
});
