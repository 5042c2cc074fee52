import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onEachDatabase } from "../../../test/support/each-database.ts";

describe("answers by key", () => {
  onEachDatabase(({ open }) => {
    it("gives a key to one request, and repeats its answer", async () => {
      const { answers } = await open();
      assert.deepEqual(await answers.open("k1", "POST a"), { kind: "new" });
      assert.deepEqual(await answers.open("k1", "POST a"), { kind: "unanswered" });
      assert.deepEqual(await answers.open("k1", "POST b"), { kind: "other" });
      await answers.finish("k1", { status: 201, body: '{"ref":"new-1"}' });
      assert.deepEqual(await answers.open("k1", "POST a"), {
        kind: "answered",
        answer: { status: 201, body: '{"ref":"new-1"}' },
      });
      assert.deepEqual(await answers.open("k1", "POST b"), { kind: "other" });
    });

    it("releases the key of a request that did nothing, and keeps one that did", async () => {
      const { answers } = await open();
      await answers.open("k1", "POST a");
      await answers.release("k1");
      assert.deepEqual(await answers.open("k1", "POST b"), { kind: "new" });
      await answers.finish("k1", { status: 200, body: "{}" });
      await answers.release("k1");
      assert.equal((await answers.open("k1", "POST b")).kind, "answered");
    });
  });
});
