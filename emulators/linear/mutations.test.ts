import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";

/** Requests the official client would not send. */
describe("what the Linear emulator refuses to write", () => {
  let emulator: Emulator;
  let teamId: string;
  let issue: string;

  before(async () => {
    emulator = await startEmulator("linear", { issues: 30, seed: 3, sources: 2 });
    teamId = emulator.sources[0]?.id ?? "";
    issue = emulator.world.issues("APP")[0]?.nativeId ?? "";
  });
  after(() => emulator.close());

  async function ask(query: string, variables: object) {
    const response = await fetch(emulator.url, {
      method: "POST",
      headers: { authorization: emulator.credentials["LINEAR_API_KEY"] ?? "", "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    const { errors } = (await response.json()) as {
      errors?: { message: string; extensions: Record<string, unknown> }[];
    };
    const error = errors?.[0];
    return {
      status: response.status,
      words: error === undefined ? null : [error.message, error.extensions.userPresentableMessage].join(": "),
    };
  }
  const update = (input: object, id = issue) =>
    ask("mutation($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) { success } }", {
      id,
      input,
    });
  const create = (input: object) =>
    ask("mutation($input: IssueCreateInput!) { issueCreate(input: $input) { success } }", { input });

  test("unknown fields, values of the wrong type, invalid dates", async () => {
    for (const input of [
      { colour: "red" },
      { title: 5 },
      { estimate: 1.5 },
      { dueDate: "2026-02-30" },
      { dueDate: "24.12." },
    ]) {
      const answer = await update(input);
      assert.equal(answer.status, 400, JSON.stringify(input));
    }
  });

  test("titles that are empty or longer than 255 characters", async () => {
    assert.match((await update({ title: " " })).words ?? "", /title must be longer/);
    assert.match((await update({ title: null })).words ?? "", /title must be longer/);
    assert.match((await update({ title: "x".repeat(256) })).words ?? "", /title must be shorter/);
    assert.equal((await update({ title: "x".repeat(255) })).words, null);
  });

  test("references to another team's records", async () => {
    const other = emulator.sources[1]?.id ?? "";
    const { data } = (await (
      await fetch(emulator.url, {
        method: "POST",
        headers: { authorization: emulator.credentials["LINEAR_API_KEY"] ?? "", "content-type": "application/json" },
        body: JSON.stringify({
          query: `{ team(id: "${other}") { states { nodes { id } } labels { nodes { id } } cycles { nodes { id } } } }`,
        }),
      })
    ).json()) as { data: { team: Record<"states" | "labels" | "cycles", { nodes: { id: string }[] }> } };
    const id = (kind: "states" | "labels" | "cycles") => data.team[kind].nodes[0]?.id ?? "";
    assert.match((await update({ stateId: id("states") })).words ?? "", /Discrepancy between issue team and state/);
    assert.match((await update({ cycleId: id("cycles") })).words ?? "", /Discrepancy/);
    assert.match((await update({ addedLabelIds: [id("labels")] })).words ?? "", /not associated with the same team/);
  });

  test("missing or archived records, and cycles of parents", async () => {
    const nobody = randomUUID();
    assert.match((await update({}, nobody)).words ?? "", /Entity not found: Issue/);
    for (const [field, entity] of [
      ["assigneeId", "User"],
      ["stateId", "WorkflowState"],
      ["cycleId", "Cycle"],
      ["parentId", "Issue"],
    ] as const) {
      assert.match((await update({ [field]: nobody })).words ?? "", new RegExp(`Entity not found: ${entity}`));
    }
    const child = emulator.world.issues("APP")[1]?.nativeId ?? "";
    await update({ parentId: issue }, child);
    assert.match((await update({ parentId: child })).words ?? "", /Circular/);
    emulator.world.archive?.(child, "archived");
    assert.match((await update({ title: "New" }, child)).words ?? "", /archived/);
    assert.match((await update({ priority: 7 })).words ?? "", /priority must/);
  });

  test("a rejected issue uses no number; ids are version 4 UUIDs", async () => {
    assert.match((await create({ teamId, title: "" })).words ?? "", /title/);
    assert.match((await create({ teamId, title: "A", id: "7" })).words ?? "", /id must be a UUID/);
    assert.match((await create({ teamId, title: "A", stateId: randomUUID() })).words ?? "", /Entity not found/);
    const count = emulator.world.issues("APP").length;
    assert.equal((await create({ teamId, title: "A" })).words, null);
    assert.equal(emulator.world.issues("APP").at(-1)?.key, `APP-${count + 1}`);
  });

  test("a lost answer is executed, a dropped request is not", async () => {
    emulator.faults.add({ kind: "lost-answer", body: "issueUpdate" });
    await assert.rejects(update({ title: "carried out" }));
    assert.equal(emulator.world.issues("APP")[0]?.title, "carried out");
    emulator.faults.add({ kind: "drop", body: "issueUpdate" });
    await assert.rejects(update({ title: "not carried out" }));
    assert.equal(emulator.world.issues("APP")[0]?.title, "carried out");
  });
});
