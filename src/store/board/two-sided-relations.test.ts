import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { onEachDatabase } from "../../../test/support/each-database.ts";
import { by, cardOf, setTwoIssues } from "../../../test/support/outbox-stage.ts";
import { makeIssue, makePage } from "../../../test/support/store-fixtures.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import type { LinkType } from "../../domain/operation.ts";

const reason = { code: "forbidden", message: "No.", hint: null };

describe("relations that are not sent yet", () => {
  onEachDatabase(({ open }) => {
    async function setUp() {
      const stage = await setTwoIssues(await open());
      const { store, source, id } = stage;
      const other = await cardOf(store, "shop#2");
      const relate = (type: LinkType, kind: "relate" | "unrelate" = "relate") =>
        store.outbox.relate(
          id,
          {
            kind,
            relation: { type, target: { nativeId: other.nativeId, key: "#2", sourceKey: "acme/shop" }, id: null },
          },
          by,
        );
      /** What the other issue's card and page show. */
      const seen = async () => {
        const { blockedBy, relations } = await store.board.detail(other.id);
        assert.deepEqual((await cardOf(store, "shop#2")).blockedBy, blockedBy);
        return [...blockedBy, ...relations.map(({ type, ref }) => `${type} ${ref}`)];
      };
      return { store, source, id, other, relate, seen, outbox: store.outbox };
    }

    it("show at the other issue too, until they are refused or dropped", async () => {
      const { outbox, relate, seen } = await setUp();
      const { operation, change } = await relate("blocks");
      assert.deepEqual(await seen(), ["shop#1", "blocked_by shop#1"]);
      assert.deepEqual(change.refs.toSorted(), ["shop#1", "shop#2"]);
      const refused = await outbox.sending.settle(operation ?? 0, { state: "refused", reason });
      assert.deepEqual([await seen(), refused.refs.toSorted()], [[], ["shop#1", "shop#2"]]);
      const retried = await outbox.retry(operation ?? 0);
      assert.deepEqual(
        [await seen(), retried.change.refs.toSorted()],
        [
          ["shop#1", "blocked_by shop#1"],
          ["shop#1", "shop#2"],
        ],
      );
      const dropped = await outbox.drop(operation ?? 0);
      assert.deepEqual([await seen(), dropped.change.refs.toSorted()], [[], ["shop#1", "shop#2"]]);
    });

    it("stay at the other issue once they are written, though that was not read again", async () => {
      const { outbox, other, relate, seen } = await setUp();
      const send = async (operation: number | null, relations: NativeIssue["relations"]) => {
        await outbox.sending.begin(await outbox.get(operation ?? 0), { steps: [], lookAt: null });
        const answer = { issue: makeIssue(1, { relations }), seen: {}, requestedAt: 2 };
        return outbox.sending.settle(operation ?? 0, { state: "written", answer });
      };
      const { operation } = await relate("blocks");
      const { refs } = await send(operation, [{ id: "r1", type: "blocks", targetId: other.nativeId }]);
      assert.deepEqual(
        [await seen(), refs.toSorted()],
        [
          ["shop#1", "blocked_by shop#1"],
          ["shop#1", "shop#2"],
        ],
      );
      const removal = await relate("blocks", "unrelate");
      await send(removal.operation, []);
      assert.deepEqual(await seen(), []);
      assert.deepEqual(await outbox.list(), []);
    });

    it("disappear from the other issue when they are removed, and a closed blocker blocks no more", async () => {
      const { store, source, id, other, outbox, relate, seen } = await setUp();
      const theirs = (type: LinkType, targetId: string) => ({ relations: [{ id: `r-${type}`, type, targetId }] });
      await store.mirror.applyPage(
        source,
        makePage([makeIssue(1, theirs("blocks", other.nativeId)), makeIssue(2, theirs("blocked_by", "n1"))]),
      );
      assert.deepEqual(await seen(), ["shop#1", "blocked_by shop#1"]);
      const { operation } = await relate("blocks", "unrelate");
      assert.deepEqual(await seen(), []);
      await outbox.drop(operation ?? 0);
      assert.deepEqual(await seen(), ["shop#1", "blocked_by shop#1"]);
      await relate("blocks", "unrelate");
      await relate("blocks");
      assert.deepEqual(await seen(), ["shop#1", "blocked_by shop#1"]);
      const { change } = await outbox.edit(id, [{ field: "state", from: "open", to: "closed" }], by);
      assert.deepEqual([await seen(), change.refs.toSorted()], [["blocked_by shop#1"], ["shop#1", "shop#2"]]);
    });

    it("of a new issue show at the other one under its name, and not once it is dropped", async () => {
      const { store, source, other, outbox, seen } = await setUp();
      const make = async () => {
        const made = await outbox.create(source, { ...blankDraft, title: "New" }, by);
        const target = { nativeId: other.nativeId, key: "#2", sourceKey: "acme/shop" };
        await outbox.relate(made.issueId, { kind: "relate", relation: { type: "blocks", target, id: null } }, by);
        return made;
      };
      const first = await make();
      assert.deepEqual(await seen(), [first.ref, `blocked_by ${first.ref}`]);
      const answer = { issue: makeIssue(9), seen: {}, requestedAt: 2 };
      const named = await outbox.sending.named(first.operation ?? 0, answer, []);
      assert.deepEqual(await seen(), ["shop#9", "blocked_by shop#9"]);
      assert.ok(named.refs.includes("shop#2"));
      const second = await make();
      assert.equal((await seen()).length, 4);
      const { change } = await outbox.drop(second.operation ?? 0);
      assert.deepEqual(await seen(), ["shop#9", "blocked_by shop#9"]);
      assert.ok(change.refs.includes("shop#2"));
      assert.deepEqual(await store.check(), []);
    });
  });
});
