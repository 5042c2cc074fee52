import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { LinearClient, LinearDocument, LinearError, LinearErrorType } from "@linear/sdk";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";

/** The client's label queries use fields that the published schema does not have yet, so labels are identified by the ids in payloads. */
describe("what Linear's official client writes", () => {
  let emulator: Emulator;
  let client: LinearClient;
  let teamId: string;

  before(async () => {
    emulator = await startEmulator("linear", { issues: 40, seed: 5 });
    client = connect(emulator.credentials["LINEAR_API_KEY"]);
    teamId = emulator.sources[0]?.id ?? "";
  });
  after(() => emulator.close());

  function connect(apiKey: string | undefined): LinearClient {
    return new LinearClient({ apiKey: apiKey ?? "", apiUrl: emulator.url });
  }

  async function failure(call: Promise<unknown>): Promise<LinearError> {
    const error: unknown = await call.then(
      () => assert.fail("the call succeeded"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof LinearError, String(error));
    return error;
  }

  const world = (id: string) => emulator.world.issues().find(({ nativeId }) => nativeId === id);

  test("creates an issue with a client-chosen id, once", async () => {
    const id = randomUUID();
    const bug = (await client.createIssueLabel({ teamId, name: "Made first" })).issueLabelId ?? "";
    const viewer = await client.viewer;
    const input = { id, teamId, title: "Made by the client", description: "_So_ it is:\n\n- one", priority: 2 };
    const payload = await client.createIssue({ ...input, labelIds: [bug], assigneeId: viewer.id, estimate: 3 });
    assert.equal(payload.success, true);
    const issue = await payload.issue;
    assert.equal(issue?.id, id);
    assert.equal(issue.description, "*So* it is:\n\n* one");
    assert.equal((await issue.creator)?.id, viewer.id);
    assert.equal((await issue.state)?.type, "backlog");
    assert.deepEqual(world(id)?.labels, ["Made first"]);

    const again = await failure(client.createIssue(input));
    assert.equal(again.type, LinearErrorType.InvalidInput);
    assert.match(again.message, /Conflict on insert of Issue - Entity Issue with id .* already exists/);
    assert.equal(emulator.world.issues().filter(({ title }) => title === input.title).length, 1);
  });

  test("sets and clears each field of an issue", async () => {
    const [first, parent] = emulator.world.issues("APP");
    assert.ok(first && parent);
    const id = first.nativeId;
    const states = (await client.workflowStates({ first: 50, filter: { team: { id: { eq: teamId } } } })).nodes;
    const done = states.find(({ type }) => type === "completed");
    const cycle = (await client.cycles({ filter: { team: { id: { eq: teamId } } } })).nodes[0];
    assert.ok(done && cycle);
    await client.updateIssue(id, {
      title: "Changed",
      description: "",
      stateId: done.id,
      priority: 1,
      estimate: 5,
      dueDate: "2026-12-24",
      cycleId: cycle.id,
      parentId: parent.key,
      assigneeId: null,
    });
    const issue = await client.issue(id);
    assert.deepEqual(
      [issue.title, issue.description ?? null, issue.priority, issue.estimate, issue.dueDate],
      ["Changed", null, 1, 5, "2026-12-24"],
    );
    assert.ok(issue.completedAt);
    assert.equal((await issue.parent)?.id, parent.nativeId);
    assert.equal((await issue.cycle)?.id, cycle.id);
    assert.equal(await issue.assignee, undefined);
    const { updatedAt } = issue;
    await client.updateIssue(id, { title: "Changed" });
    assert.deepEqual((await client.issue(id)).updatedAt, updatedAt);
    await client.updateIssue(id, { estimate: null, dueDate: null, cycleId: null, parentId: null });
    const cleared = await client.issue(id);
    assert.deepEqual([cleared.estimate ?? null, cleared.dueDate ?? null], [null, null]);
    assert.equal(await cleared.parent, undefined);
  });

  test("adds and removes labels; labels of a group exclude each other", async () => {
    const group = (await client.createIssueLabel({ teamId, name: "Size", isGroup: true })).issueLabelId ?? "";
    const make = async (name: string) =>
      (await client.createIssueLabel({ teamId, name, parentId: group })).issueLabelId ?? "";
    const [small, large] = [await make("Small"), await make("Large")];
    const id = emulator.world.issues("APP")[2]?.nativeId ?? "";
    const before = world(id)?.labels ?? [];
    await client.updateIssue(id, { addedLabelIds: [small] });
    assert.deepEqual(world(id)?.labels, [...before, "Small"]);
    const second = await failure(client.updateIssue(id, { addedLabelIds: [large] }));
    assert.match(second.message, /LabelIds not exclusive child labels - .*same group/);
    assert.match((await failure(client.updateIssue(id, { addedLabelIds: [group] }))).message, /is a group/);
    await client.updateIssue(id, { addedLabelIds: [large], removedLabelIds: [small] });
    assert.deepEqual(world(id)?.labels, [...before, "Large"]);
    assert.match((await failure(client.createIssueLabel({ teamId, name: "small" }))).message, /Duplicate label name/);
  });

  test("comments: created, edited only by their author, deleted", async () => {
    const issue = emulator.world.issues("APP")[3];
    assert.ok(issue);
    const id = randomUUID();
    const { nativeId } = issue;
    const created = await client.createComment({ id, issueId: issue.key, body: "First\n\n- a" });
    assert.equal((await created.comment)?.body, "First\n\n* a");
    assert.ok((world(nativeId)?.updatedAt ?? 0) > issue.updatedAt);
    const { login } = emulator.world.comments?.(nativeId).at(-1) ?? {};
    assert.equal(login, "marena");
    assert.match((await failure(client.createComment({ id, issueId: nativeId, body: "Again" }))).message, /on insert/);
    await client.updateComment(id, { body: "Changed" });
    assert.equal(emulator.world.comments?.(nativeId).at(-1)?.body, "Changed");
    const other = connect(emulator.otherCredentials["LINEAR_API_KEY"]);
    assert.equal((await failure(other.updateComment(id, { body: "Mine" }))).type, LinearErrorType.Forbidden);
    assert.equal((await failure(other.deleteComment(id))).type, LinearErrorType.Forbidden);
    assert.equal((await client.deleteComment(id)).success, true);
    assert.ok(!emulator.world.comments?.(nativeId).some((one) => one.id === id));
    assert.match((await failure(client.deleteComment(id))).message, /Entity not found: Comment/);
  });

  test("relations of every type; a duplicate is closed as one", async () => {
    const [one, two] = emulator.world.issues("APP").slice(5, 7);
    assert.ok(one && two);
    for (const type of [LinearDocument.IssueRelationType.Blocks, LinearDocument.IssueRelationType.Related]) {
      await client.createIssueRelation({ issueId: one.nativeId, relatedIssueId: two.key, type });
    }
    const relations = (await (await client.issue(one.nativeId)).relations()).nodes;
    assert.ok(relations.some(({ type }) => type === "blocks") && relations.some(({ type }) => type === "related"));
    for (const relation of relations) await client.deleteIssueRelation(relation.id);
    assert.deepEqual((await (await client.issue(one.nativeId)).relations()).nodes, []);
    const duplicate = LinearDocument.IssueRelationType.Duplicate;
    await client.createIssueRelation({ issueId: one.nativeId, relatedIssueId: two.nativeId, type: duplicate });
    assert.equal(world(one.nativeId)?.state, "Duplicate");
  });

  test("creates a state, ordered within its type", async () => {
    const payload = await client.createWorkflowState({
      teamId,
      name: "Specified",
      type: "unstarted",
      color: "#c5def5",
    });
    const made = await payload.workflowState;
    const states = (await client.workflowStates({ first: 50, filter: { team: { id: { eq: teamId } } } })).nodes;
    const unstarted = states.filter(({ type }) => type === "unstarted").sort((a, b) => a.position - b.position);
    assert.equal(unstarted.at(-1)?.id, made?.id);
    const triage = client.createWorkflowState({ teamId, name: "Second triage", type: "triage", color: "#c5def5" });
    assert.equal((await failure(triage)).type, LinearErrorType.InvalidInput);
  });

  test("a key without the scope writes nothing", async () => {
    const weak = connect(emulator.weakCredentials.values["LINEAR_API_KEY"]);
    const before = emulator.world.issues("APP").length;
    const id = emulator.world.issues("APP")[0]?.nativeId ?? "";
    for (const call of [
      weak.createIssue({ teamId, title: "No" }),
      weak.updateIssue(id, { title: "No" }),
      weak.createComment({ issueId: id, body: "No" }),
      weak.createIssueLabel({ teamId, name: "No" }),
    ]) {
      const error = await failure(call);
      assert.equal(error.type, LinearErrorType.Forbidden);
      assert.match(error.message, /Invalid scope: `write` required/);
    }
    assert.equal(emulator.world.issues("APP").length, before);
  });
});
