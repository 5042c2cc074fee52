import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callsOf, read, refused, startChangeHarness } from "../../../test/support/change-calls.ts";
import { after, before } from "../../../test/support/hooks.ts";
import type { ServerHarness } from "../../../test/support/server-harness.ts";

let harness: ServerHarness;
before(async () => {
  harness = await startChangeHarness();
});
after(() => harness.close());

const { ask } = callsOf(() => harness);

describe("an Idempotency-Key", () => {
  const create = (key: string, title: string, more: Record<string, string> = {}) =>
    ask("POST", "/api/issues", { source: "acme/site", title }, { "idempotency-key": key, ...more });
  const total = () => harness.store.board.total();

  test("makes a repeated request take effect once", async () => {
    const before = await total();
    const [first, second] = await Promise.all([create("k-1", "Once"), create("k-1", "Once")]);
    const third = await create("k-1", "Once");
    assert.deepEqual([first.status, second.status, third.status], [201, 201, 201]);
    assert.deepEqual(second.json(), first.json());
    assert.deepEqual(third.json(), first.json());
    assert.equal(third.headers["idempotency-replayed"], "true");
    assert.equal(await total(), before + 1);
  });

  test("is tied to one request", async () => {
    refused(await create("k-1", "Another"), 409, "conflict");
    refused(await create("k-1", "Once", { "x-panopticon-client": "cli" }), 409, "conflict");
    refused(await ask("POST", "/api/undo", undefined, { "idempotency-key": "k-1" }), 409, "conflict");
  });

  test("of a refused request can be used again", async () => {
    refused(await create("k-2", ""), 400, "invalid_input");
    read(await create("k-2", "Now"), 201);
  });

  test("of an interrupted request reports that the outcome is unknown", async () => {
    const before = await total();
    const { answers } = harness.store;
    // The state that a killed process would leave.
    const open = answers.open.bind(answers);
    let fingerprint = "";
    answers.open = (key, print) => {
      fingerprint = print;
      return open(key, print);
    };
    refused(await create("k-3", ""), 400, "invalid_input");
    answers.open = open;
    await answers.open("k-3", fingerprint);
    refused(await create("k-3", ""), 409, "conflict");
    assert.equal(await total(), before);
  });

  test("must be valid", async () => {
    for (const key of ["", "x".repeat(256), "a b"]) refused(await create(key, "x"), 400, "invalid_input");
  });
});
