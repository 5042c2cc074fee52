import assert from "node:assert/strict";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { type ServerHarness, startServerHarness } from "../../../test/support/server-harness.ts";
import type { ProblemShape } from "./problem.ts";

let harness: ServerHarness;
before(async () => {
  harness = await startServerHarness();
});
after(() => harness.close());

type Case = readonly [method: "GET" | "POST" | "PATCH", path: string, body: unknown, detail: string, more?: object];

const cases: readonly Case[] = [
  [
    "PATCH",
    "/api/issues/x",
    { titel: "a" },
    "The body has no “titel”.",
    { hint: "Did you mean “title”?", field: "titel" },
  ],
  ["PATCH", "/api/issues/x", { title: 1 }, "title: must be a text, not a number.", { field: "title" }],
  ["PATCH", "/api/issues/x", { title: null }, "title: must be a text, not null."],
  ["PATCH", "/api/issues/x", { addLabels: [""] }, "addLabels.0: must not be empty."],
  ["PATCH", "/api/issues/x", { priority: 9 }, "priority: must be 0, 1, 2, 3, 4, or a text."],
  ["PATCH", "/api/issues/x", { rank: {} }, "rank: before is missing."],
  ["PATCH", "/api/issues/x", { dueDate: "2026-02-30" }, "dueDate: must be a date such as 2026-11-22."],
  ["PATCH", "/api/issues/x", [], "The body must be an object, not a list."],
  ["POST", "/api/issues", {}, "title: is missing."],
  ["POST", "/api/issues/bulk", { refs: [], patch: {} }, "refs: must not be empty."],
  [
    "POST",
    "/api/issues/bulk",
    { refs: ["x"], patch: { stauts: "done" } },
    "patch: has no “stauts”.",
    { candidates: ["status"] },
  ],
  [
    "POST",
    "/api/issues/x/relations",
    { type: "blokcs", ref: "y" },
    "type: must be one of parent, child, blocks, blocked_by, relates, duplicates.",
    { hint: "Did you mean “blocks”?" },
  ],
  ["PATCH", "/api/issues/x", { rank: 5 }, "rank: must be an object."],
  ["POST", "/api/outbox/0/drop", undefined, "id: must be more than 0."],
  ["POST", "/api/outbox/x/retry", undefined, "id: must be a number."],
  ["GET", "/api/issues?limit=5&limit=6", undefined, "limit: must be a text, not a list."],
  ["GET", "/api/history?countSince=x", undefined, "countSince: must be a time such as 2026-11-22T10:30:00Z."],
];

for (const [method, path, body, detail, more = {}] of cases) {
  test(`${method} ${path} ${JSON.stringify(body) ?? ""}`, async () => {
    const answer = await harness.ask(path, { method, ...(body !== undefined && { body }) });
    assert.equal(answer.status, 400);
    const problem = answer.json() as ProblemShape;
    assert.equal(problem.detail, detail);
    for (const [key, value] of Object.entries(more)) assert.deepEqual(problem[key as keyof ProblemShape], value);
  });
}
