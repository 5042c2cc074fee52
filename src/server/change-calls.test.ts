import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { at, callsOf, read, refused, startChangeHarness } from "../../test/support/change-calls.ts";
import { after, before } from "../../test/support/hooks.ts";
import type { ServerHarness } from "../../test/support/server-harness.ts";
import type { MovesShape, OutboxShape, SourceFormShape, UndoResultShape } from "./contract/change.ts";
import type { CommentShape, IssueShape } from "./contract/issue.ts";
import type { ProblemShape } from "./contract/problem.ts";

let harness: ServerHarness;
before(async () => {
  harness = await startChangeHarness();
});
after(() => harness.close());

const { ask, detail, outbox } = callsOf(() => harness);

describe("PATCH", () => {
  test("shows the change at once, and what is pending", async () => {
    const issue = read<IssueShape>(
      await ask("PATCH", at("app#1"), { title: "New", status: "in review", addAssignees: ["me"] }),
    );
    assert.deepEqual([issue.title, issue.status, issue.assignees[0]?.login], ["New", "in_review", "ben"]);
    assert.equal(issue.sync.state, "pending");
    const [operation] = await outbox();
    assert.deepEqual(operation?.fields, [
      { name: "title", from: "Issue 1", to: "New" },
      { name: "status", from: "Backlog", to: "In Review" },
      { name: "assignees", from: null, to: "ben" },
    ]);
    assert.deepEqual([operation?.state, operation?.actor, operation?.address], ["queued", "api", "app#1"]);
    const { history } = await detail("app#1");
    assert.deepEqual(history.map(({ actor, field, state }) => `${actor} ${field} ${state}`).toSorted(), [
      "api assignee pending",
      "api status pending",
      "api title pending",
    ]);
  });

  test("without changes does nothing", async () => {
    const before = await outbox();
    read(await ask("PATCH", at("app#1"), { title: "New", status: "in_review" }));
    read(await ask("PATCH", at("app#1"), {}));
    assert.deepEqual(await outbox(), before);
  });

  test("contains the texts it is based on", async () => {
    const issue = read<IssueShape>(
      await ask("PATCH", at("app#2"), { title: "Mine", base: { title: "What was there" } }),
    );
    const operation = (await outbox()).find(({ id }) => id === issue.sync.operation);
    assert.deepEqual(operation?.fields, [{ name: "title", from: "What was there", to: "Mine" }]);
    refused(await ask("PATCH", at("app#2"), { title: "Mine", base: { status: "done" } }), 400, "invalid_input");
    read(await ask("POST", `/api/outbox/${operation?.id}/drop`));
  });

  test("reports which part is refused, and why", async () => {
    const empty = refused(await ask("PATCH", at("app#1"), { title: " " }), 400, "invalid_input");
    assert.deepEqual([empty.field, empty.detail], ["title", "The title is empty."]);
    const label = refused(await ask("PATCH", at("app#1"), { addLabels: ["planing"] }), 400, "invalid_input");
    assert.deepEqual([label.field, label.candidates], ["addLabels", ["planning"]]);
    const due = refused(await ask("PATCH", at("app#1"), { dueDate: "2026-11-22" }), 422, "unsupported");
    assert.equal(due.detail, "Issues in Alpha have no due date.");
    const unknown = refused(await ask("PATCH", at("app#1"), { titel: "x" }), 400, "invalid_input");
    assert.match(unknown.detail, /titel/);
    const mistyped = refused(await ask("PATCH", at("app#1"), { estimate: "3" }), 400, "invalid_input");
    assert.equal(mistyped.field, "estimate");
    refused(await ask("PATCH", at("app#99"), { title: "x" }), 404, "not_found");
    const several = refused(await ask("PATCH", at("site#1"), { title: "x" }), 409, "conflict");
    assert.equal(several.candidates?.length, 2);
    const readOnly = refused(await ask("PATCH", at("other/site#1"), { title: "x" }), 403, "forbidden");
    assert.match(readOnly.detail, /the token only reads/);
  });

  test("lists the choices of a move that needs one", async () => {
    const way = (id: string, name: string) => ({
      id,
      name,
      stateId: "closed",
      stateName: "Closed",
      fields: [],
      reversible: id !== "3",
    });
    harness.sync.answers.moveChoices = async () => [way("2", "Resolve"), way("3", "Close")];
    const problem = refused(await ask("PATCH", at("MIN-1"), { status: "done" }), 409, "choice_needed");
    assert.deepEqual(problem.choices, [
      { id: "2", name: "Resolve", state: "Closed", fields: [], reversible: true },
      { id: "3", name: "Close", state: "Closed", fields: [], reversible: false },
    ]);
    const { moves } = read<MovesShape>(await ask("GET", `${at("MIN-1")}/moves`));
    assert.deepEqual(moves.find(({ status }) => status === "done")?.choices.length, 2);
    const issue = read<IssueShape>(await ask("PATCH", at("MIN-1"), { status: "done", transition: "3" }));
    assert.equal(issue.status, "done");
  });
});

test("POST creates an issue whose ref keeps working", async () => {
  const answer = await ask("POST", "/api/issues", {
    source: "acme/app",
    title: "Fresh",
    labels: ["bug"],
    parent: "app#2",
  });
  const issue = read<IssueShape>(answer, 201);
  assert.match(issue.ref, /^new-\d+$/);
  assert.equal(issue.url, null, "no tracker has named it yet");
  assert.equal(answer.headers["location"], `/api/issues/${issue.ref}`);
  assert.deepEqual([issue.title, issue.labels[0]?.name, issue.parent?.ref], ["Fresh", "Bug", "app#2"]);
  assert.equal((await detail(issue.ref)).title, "Fresh");
  const problem = refused(await ask("POST", "/api/issues", { title: "x" }), 400, "invalid_input");
  assert.ok(problem.candidates?.includes("alpha:acme/app"));
  refused(await ask("POST", "/api/issues", { source: "nothing", title: "x" }), 404, "not_found");
});

test("changes many issues at once, and undoes them together", async () => {
  const refs = ["app#2", "app#3", "app#99"];
  const headers = { "x-panopticon-client": "bulk" };
  const { results } = read<{
    results: { ref: string; ok: boolean; issue: IssueShape | null; problem: ProblemShape | null }[];
  }>(await ask("POST", "/api/issues/bulk", { refs, patch: { priority: 2 } }, headers));
  assert.deepEqual(
    results.map(({ ref, ok, issue, problem }) => [ref, ok, issue?.priority ?? null, problem?.code ?? null]),
    [
      ["app#2", true, 2, null],
      ["app#3", true, 2, null],
      ["app#99", false, null, "not_found"],
    ],
  );
  const undone = read<UndoResultShape>(await ask("POST", "/api/undo", undefined, headers));
  assert.equal(undone.what, "undid the change to 2 issues");
  assert.equal((await detail("app#2")).priority, 0);
});

test("creates, edits and deletes comments", async () => {
  const comment = read<CommentShape>(await ask("POST", `${at("app#2")}/comments`, { body: "Hello" }), 201);
  assert.deepEqual([comment.body, comment.own, comment.pending, comment.author?.login], ["Hello", true, true, "ben"]);
  const path = `${at("app#2")}/comments/${encodeURIComponent(comment.id)}`;
  assert.equal(read<CommentShape>(await ask("PATCH", path, { body: "Hello again" })).body, "Hello again");
  assert.equal((await ask("DELETE", path)).status, 204);
  refused(await ask("DELETE", path), 404, "not_found");
  refused(await ask("POST", `${at("app#2")}/comments`, { body: "" }), 400, "invalid_input");
});

test("creates and removes relations, also across trackers", async () => {
  const issue = read<IssueShape>(
    await ask("POST", `${at("app#3")}/relations`, { type: "blocked_by", ref: "MIN-2" }),
    201,
  );
  assert.deepEqual(issue.blockedBy, ["MIN-2"]);
  const [relation] = (await detail("app#3")).relations;
  assert.deepEqual([relation?.type, relation?.ref, relation?.origin], ["blocked_by", "MIN-2", "made"]);
  assert.equal((await ask("DELETE", `${at("app#3")}/relations/${encodeURIComponent(relation?.id ?? "")}`)).status, 204);
  assert.deepEqual((await detail("app#3")).relations, []);
  refused(await ask("POST", `${at("app#3")}/relations`, { type: "blocks", ref: "app#3" }), 400, "invalid_input");
  read(await ask("POST", `${at("app#3")}/relations`, { type: "parent", ref: "app#2" }), 201);
  assert.equal((await detail("app#3")).parent?.ref, "app#2");
  assert.equal((await ask("DELETE", `${at("app#3")}/relations/parent`)).status, 204);
  assert.equal((await detail("app#3")).parent, null);
});

test("lists the outbox page by page, and skips nothing when entries leave it meanwhile", async () => {
  for (const number of [1, 2, 3]) read(await ask("PATCH", at(`MIN-${number}`), { title: `Paged ${number}` }));
  const whole = await outbox();
  const first = read<OutboxShape>(await ask("GET", "/api/outbox?limit=2"));
  assert.deepEqual([first.operations.length, first.total], [2, whole.length]);
  const [, last] = first.operations;
  read(await ask("POST", `/api/outbox/${last?.id}/drop`));
  const rest = read<OutboxShape>(
    await ask("GET", `/api/outbox?limit=1000&cursor=${encodeURIComponent(first.cursor ?? "")}`),
  );
  assert.deepEqual([rest.total, rest.cursor], [whole.length - 1, null]);
  assert.deepEqual(
    rest.operations.map(({ id }) => id),
    whole.slice(2).map(({ id }) => id),
  );
  for (const { id } of await outbox()) read(await ask("POST", `/api/outbox/${id}/drop`));
  refused(await ask("GET", "/api/outbox?limit=0"), 400, "invalid_input");
  refused(await ask("GET", "/api/outbox?cursor=x"), 400, "invalid_input");
});

test("retries, drops and resolves an entry of the outbox", async () => {
  read(await ask("PATCH", at("MIN-3"), { title: "Mine" }));
  const operation = (await outbox()).find(({ ref }) => ref === "MIN-3");
  assert.ok(operation?.canDrop);
  const { store } = harness;
  const path = `/api/outbox/${operation.id}`;
  await store.outbox.sending.settle(operation.id, {
    state: "conflict",
    conflicts: [{ field: "title", theirs: "Theirs" }],
  });
  assert.deepEqual((await outbox())[0]?.fields, [
    { name: "title", from: "Issue 3", to: "Mine", theirs: "Theirs", conflict: true },
  ]);
  refused(await ask("POST", `${path}/resolve`, {}), 400, "invalid_input");
  refused(await ask("POST", `${path}/resolve`, { title: "ours" }), 400, "invalid_input");
  assert.equal(read<{ state: string }>(await ask("POST", `${path}/resolve`, { title: "mine" })).state, "queued");
  await store.outbox.sending.settle(operation.id, {
    state: "refused",
    reason: { code: "forbidden", message: "Not yours.", hint: "Ask." },
  });
  const [failed] = await outbox();
  assert.deepEqual(
    [failed?.state, failed?.reason, failed?.hint, failed?.canRetry],
    ["refused", "Not yours.", "Ask.", true],
  );
  assert.equal(read<{ state: string }>(await ask("POST", `${path}/retry`)).state, "queued");
  assert.equal(read<{ state: string }>(await ask("POST", `${path}/drop`)).state, "dropped");
  refused(await ask("POST", `${path}/drop`), 409, "conflict");
  refused(await ask("POST", "/api/outbox/99999/drop"), 404, "not_found");
  refused(await ask("POST", "/api/outbox/x/drop"), 400, "invalid_input");
});

test("allows only dropping a refused change of an issue that was deleted meanwhile, and says so", async () => {
  const { store } = harness;
  const { sync } = read<IssueShape>(await ask("PATCH", at("app#3"), { title: "Mine" }));
  const id = sync.operation ?? 0;
  const { sourceId, issueId } = await store.outbox.get(id);
  const { nativeId } = (await store.outbox.issue(issueId)).base;
  await store.outbox.sending.settle(id, {
    state: "refused",
    reason: { code: "forbidden", message: "Not yours.", hint: "Ask." },
  });
  await store.mirror.remove(sourceId, [nativeId], "gone");
  const [entry] = await outbox();
  assert.deepEqual(
    [entry?.id, entry?.status, entry?.canRetry, entry?.canDrop, entry?.reason, entry?.fields[0]?.to],
    [id, null, false, true, "Not yours.", "Mine"],
  );
  assert.match(entry?.hint ?? "", /^app#3 was deleted or moved .* pan outbox drop \d+\.$/);
  const problem = refused(await ask("POST", `/api/outbox/${id}/retry`), 410, "gone");
  assert.equal(problem.hint, entry?.hint);
  assert.equal(read<{ state: string }>(await ask("POST", `/api/outbox/${id}/drop`)).state, "dropped");
  assert.deepEqual(await outbox(), []);
});

test("returns the available choices in a source's form", async () => {
  const form = read<SourceFormShape>(await ask("GET", "/api/form?source=alpha%3Aacme%2Fapp"));
  assert.deepEqual([form.source, form.project, form.newLabels], ["alpha:acme/app", "app", true]);
  assert.deepEqual(
    form.members.map(({ login }) => login),
    ["Ann", "ben"],
  );
  assert.deepEqual(form.types[0]?.has, [
    "title",
    "body",
    "state",
    "priority",
    "cycle",
    "parent",
    "labels",
    "assignees",
  ]);
  refused(await ask("GET", "/api/form?source=acme/ap"), 404, "not_found");
});
