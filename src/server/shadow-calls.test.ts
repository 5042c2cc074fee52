import assert from "node:assert/strict";
import { test } from "node:test";
import type { z } from "@hono/zod-openapi";
import { after, before } from "../../test/support/hooks.ts";
import { fillStore } from "../../test/support/invented-issues.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import { testProjects } from "../../test/support/test-config.ts";
import { BulkResultShape } from "./contract/change.ts";
import { IssueDetailShape } from "./contract/issue.ts";
import { KeptMovesShape } from "./contract/shadow.ts";

let harness: ServerHarness;
const projects = testProjects.map((project) => ({
  ...project,
  shadow: true,
  sources: project.sources.map((source) => ({ ...source, shadow: true })),
}));

before(async () => {
  harness = await startServerHarness({ projects, prepare: (store) => fillStore(store, 5, Date.now()) });
});
after(() => harness.close());

async function call<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  body?: unknown,
  method = body === undefined ? "GET" : "POST",
): Promise<z.infer<Schema>> {
  const answer = await harness.ask(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  assert.equal(answer.status, 200, answer.text);
  return schema.parse(answer.json());
}

const read = (ref: string) => call(`/api/issues/${encodeURIComponent(ref)}`, IssueDetailShape);

async function move(ref: string, status: string): Promise<void> {
  const { status: code, text } = await harness.ask(`/api/issues/${encodeURIComponent(ref)}`, {
    method: "PATCH",
    body: JSON.stringify({ status }),
    headers: { "content-type": "application/json" },
  });
  assert.equal(code, 200, text);
}

test("moves that stay here are listed page by page, of one project or all, sent and dropped", async () => {
  const before = new Map<string, string>();
  for (const written of ["app#1", "app#2", "acme/site#3", "MIN-4"]) {
    const { ref, status } = await read(written);
    before.set(ref, status);
    await move(written, status === "done" ? "planning" : "done");
  }
  const all = await call("/api/shadow", KeptMovesShape);
  assert.equal(all.total, 4);
  assert.deepEqual(
    all.moves.map(({ ref, from }) => [ref, from]),
    ["MIN-4", "site#3", "app#2", "app#1"].map((ref) => [ref, before.get(ref)]),
  );
  const first = await call("/api/shadow?limit=3", KeptMovesShape);
  const rest = await call(`/api/shadow?limit=3&cursor=${encodeURIComponent(first.cursor ?? "")}`, KeptMovesShape);
  assert.deepEqual([...first.moves, ...rest.moves], all.moves);
  assert.deepEqual(
    (await call("/api/shadow?project=site", KeptMovesShape)).moves.map(({ ref }) => ref),
    ["site#3"],
  );

  const sent = await call("/api/shadow/send", BulkResultShape, { refs: ["app#1"] });
  assert.deepEqual(
    sent.results.map(({ ref, ok, issue }) => [ref, ok, issue?.sync.state, issue?.shadow]),
    [["app#1", true, "pending", null]],
  );
  const dropped = await call("/api/shadow/drop", BulkResultShape, { project: "site" });
  assert.deepEqual(
    dropped.results.map(({ ok, issue }) => [issue?.ref, ok, issue?.status]),
    [["site#3", true, before.get("site#3")]],
  );
  assert.equal((await call("/api/shadow/drop", BulkResultShape, {})).results.length, 2);
  assert.equal((await call("/api/shadow", KeptMovesShape)).total, 0);
});

test("refuses issues without such a move, unknown projects and unknown words", async () => {
  const refused = async (path: string, body: unknown) => {
    const headers = { "content-type": "application/json" };
    const answer = await harness.ask(path, { method: "POST", body: JSON.stringify(body), headers });
    return [answer.status, (answer.json() as { hint?: string }).hint];
  };
  assert.deepEqual(await refused("/api/shadow/send", { refs: ["app#5"] }), [
    404,
    "List the moves that do with pan shadow.",
  ]);
  assert.deepEqual(await refused("/api/shadow/drop", { project: "sites" }), [404, "Did you mean “site”?"]);
  assert.equal((await refused("/api/shadow/drop", { all: true }))[0], 400);
});
