import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Octokit } from "@octokit/rest";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator, WorldIssue } from "../emulator.ts";
import { startEmulator } from "../start.ts";

const owner = "harborline";
const repo = "portal";

type Failure = { readonly status: number; readonly message: string; readonly errors: readonly object[] };

describe("the GitHub emulator, written to by its official client", () => {
  let emulator: Emulator;
  let octokit: Octokit;
  let now = Date.parse("2026-11-22T10:00:00.250Z");

  const client = (token: string) =>
    new Octokit({
      auth: token,
      baseUrl: emulator.url,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });

  before(async () => {
    emulator = await startEmulator("github", { issues: 120, seed: 5, budget: 1_000_000, now: () => now });
    octokit = client(emulator.credentials["GITHUB_TOKEN"] ?? "");
  });
  after(() => emulator.close());
  beforeEach(() => {
    now += 60_000;
  });

  async function failure(call: Promise<unknown>): Promise<Failure> {
    const error: unknown = await call.then(
      () => assert.fail("the call succeeded"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Error && "status" in error && typeof error.status === "number", String(error));
    const data = (error as { response?: { data?: { message?: string; errors?: object[] } } }).response?.data;
    return { status: error.status, message: data?.message ?? "", errors: data?.errors ?? [] };
  }

  function world(nativeId: number | string): WorldIssue {
    const found = emulator.world.issues(`${owner}/${repo}`).find((one) => one.nativeId === String(nativeId));
    return found ?? assert.fail(`no issue ${nativeId}`);
  }

  async function make(title: string): Promise<{ id: number; issue_number: number }> {
    const { data } = await octokit.rest.issues.create({ owner, repo, title });
    return { id: data.id, issue_number: data.number };
  }

  test("creates an issue with every possible field", async () => {
    const { data, status, headers } = await octokit.rest.issues.create({
      owner,
      repo,
      title: "  Spaces around  ",
      body: "Some text",
      labels: ["bug", { name: "Brand new" }],
      assignees: ["marena"],
      milestone: 7,
      type: "Bug",
    });
    assert.equal(status, 201);
    assert.match(String(headers.location), new RegExp(`/issues/${data.number}$`));
    assert.equal(data.title, "Spaces around");
    assert.equal(data.user?.login, "marena");
    assert.equal(data.state, "open");
    assert.deepEqual(world(data.id).labels, ["bug", "Brand new"]);
    assert.deepEqual(world(data.id).assignees, ["marena"]);
    assert.equal(data.milestone?.number, 7);
    assert.equal(data.type?.name, "Bug");
    assert.equal(data.created_at, new Date(now).toISOString().replace(".250Z", "Z"));
    const labels = await octokit.paginate(octokit.rest.issues.listLabelsForRepo, { owner, repo });
    assert.ok(labels.some(({ name }) => name === "Brand new"));
  });

  test("changes an issue field by field, closes it with a reason, and reopens it", async () => {
    const { id, issue_number } = await make("To be changed");
    const own = { owner, repo, issue_number };
    now += 5_000;
    const edited = await octokit.rest.issues.update({
      ...own,
      title: "Changed",
      body: "Now with a text",
      milestone: 8,
    });
    assert.equal(edited.data.title, "Changed");
    assert.equal(edited.data.milestone?.number, 8);
    assert.equal(world(id).updatedAt, now - 250);
    now += 5_000;
    await octokit.rest.issues.update({ ...own, title: "Changed" });
    assert.equal(world(id).updatedAt, now - 5_250, "what changes nothing leaves the time alone");
    const closed = await octokit.rest.issues.update({ ...own, state: "closed", state_reason: "not_planned" });
    assert.equal(closed.data.state_reason, "not_planned");
    assert.equal(closed.data.closed_by?.login, "marena");
    assert.ok(closed.data.closed_at);
    const again = await octokit.rest.issues.update({ ...own, state: "closed", state_reason: "completed" });
    assert.equal(again.data.state_reason, "not_planned", "the reason is ignored unless the state changes");
    const open = await octokit.rest.issues.update({ ...own, state: "open" });
    assert.equal(open.data.state_reason, "reopened");
    assert.equal(open.data.closed_at, null);
    const bare = await octokit.rest.issues.update({ ...own, milestone: null, body: "", type: null });
    assert.equal(bare.data.milestone, null);
    assert.equal(bare.data.body, null);
  });

  test("adds and removes labels and assignees", async () => {
    const { id, issue_number } = await make("Sets");
    const own = { owner, repo, issue_number };
    const added = await octokit.rest.issues.addLabels({ ...own, labels: ["bug", "P1", "BUG"] });
    assert.deepEqual(
      added.data.map(({ name }) => name),
      ["bug", "P1"],
    );
    const left = await octokit.rest.issues.removeLabel({ ...own, name: "bug" });
    assert.deepEqual(
      left.data.map(({ name }) => name),
      ["P1"],
    );
    const missing = await failure(octokit.rest.issues.removeLabel({ ...own, name: "bug" }));
    assert.deepEqual([missing.status, missing.message], [404, "Label does not exist"]);
    const tooLong = await failure(octokit.rest.issues.addLabels({ ...own, labels: ["x".repeat(51)] }));
    assert.equal(tooLong.status, 422);
    assert.deepEqual(tooLong.errors, [{ value: "x".repeat(51), resource: "Label", field: "name", code: "invalid" }]);

    const assigned = await octokit.rest.issues.addAssignees({ ...own, assignees: ["marena", "nobody-here"] });
    assert.equal(assigned.status, 201);
    assert.deepEqual(world(id).assignees, ["marena"], "who is not known is passed over");
    await octokit.rest.issues.removeAssignees({ ...own, assignees: ["marena"] });
    assert.deepEqual(world(id).assignees, []);
  });

  test("comments are created, changed and deleted by their author", async () => {
    const { id, issue_number } = await make("Comments");
    const comment = await octokit.rest.issues.createComment({ owner, repo, issue_number, body: "First" });
    assert.equal(comment.data.user?.login, "marena");
    const own = { owner, repo, comment_id: comment.data.id };
    now += 5_000;
    const edited = await octokit.rest.issues.updateComment({ ...own, body: "Second" });
    assert.notEqual(edited.data.updated_at, edited.data.created_at);
    assert.deepEqual(
      emulator.world.comments?.(String(id)).map(({ body, login }) => [body, login]),
      [["Second", "marena"]],
    );
    const reader = client("ghp_emulator_reader");
    const strange = await failure(reader.rest.issues.updateComment({ ...own, body: "Not mine" }));
    assert.deepEqual([strange.status, strange.message], [403, "Must have admin rights to Repository."]);
    assert.equal((await octokit.rest.issues.deleteComment(own)).status, 204);
    assert.equal((await failure(octokit.rest.issues.deleteComment(own))).status, 404);
    assert.equal((await failure(octokit.rest.issues.updateComment({ ...own, body: "Late" }))).status, 404);
    assert.equal((await octokit.rest.issues.get({ owner, repo, issue_number })).data.comments, 0);
  });

  test("sub-issues have one parent and no cycles", async () => {
    const [parent, child, other] = [await make("Parent"), await make("Child"), await make("Other parent")];
    const under = (issue: typeof parent) => ({ owner, repo, issue_number: issue.issue_number });
    const added = await octokit.rest.issues.addSubIssue({ ...under(parent), sub_issue_id: child.id });
    assert.equal(added.status, 201);
    assert.equal(added.data.id, parent.id);
    assert.deepEqual(added.data.sub_issues_summary, { total: 1, completed: 0, percent_completed: 0 });
    const read = await octokit.rest.issues.get(under(child));
    assert.match(String(read.data.parent_issue_url), new RegExp(`/issues/${parent.issue_number}$`));
    for (const [at, id] of [
      [parent, child.id],
      [other, child.id],
      [child, parent.id],
      [parent, parent.id],
    ] as const) {
      assert.equal((await failure(octokit.rest.issues.addSubIssue({ ...under(at), sub_issue_id: id }))).status, 422);
    }
    await octokit.rest.issues.addSubIssue({ ...under(other), sub_issue_id: child.id, replace_parent: true });
    assert.equal((await octokit.rest.issues.get(under(parent))).data.sub_issues_summary?.total, 0);
    const removed = await octokit.rest.issues.removeSubIssue({ ...under(other), sub_issue_id: child.id });
    assert.equal(removed.data.id, other.id);
    const gone = octokit.rest.issues.removeSubIssue({ ...under(other), sub_issue_id: child.id });
    assert.equal((await failure(gone)).status, 404);
  });

  test("dependencies have a direction", async () => {
    const [issue, blocker] = [await make("Waits"), await make("Holds up")];
    const own = { owner, repo, issue_number: issue.issue_number };
    const call = "/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by";
    const added = await octokit.request(`POST ${call}`, { ...own, issue_id: blocker.id });
    assert.equal(added.status, 201);
    const list = await octokit.request(`GET ${call}`, own);
    assert.deepEqual(
      list.data.map(({ id }) => id),
      [blocker.id],
    );
    assert.equal((await failure(octokit.request(`POST ${call}`, { ...own, issue_id: blocker.id }))).status, 422);
    const back = { ...own, issue_number: blocker.issue_number, issue_id: issue.id };
    assert.equal((await failure(octokit.request(`POST ${call}`, back))).status, 422);
    assert.equal((await failure(octokit.request(`POST ${call}`, { ...own, issue_id: issue.id }))).status, 422);
    const end = { ...own, issue_id: blocker.id };
    assert.equal((await octokit.request(`DELETE ${call}/{issue_id}`, end)).status, 200);
    assert.equal((await failure(octokit.request(`DELETE ${call}/{issue_id}`, end))).status, 404);
  });

  test("rejects invalid values with the field and the reason", async () => {
    const { issue_number } = await make("Refusals");
    const own = { owner, repo, issue_number };
    const update = (body: object) =>
      octokit.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", { ...own, ...body });
    const cases: readonly (readonly [body: object, field: RegExp])[] = [
      [{ title: "x".repeat(257) }, /title is too long \(maximum is 256 characters\)/],
      [{ title: " " }, /"code":"missing_field","field":"title"/],
      [{ body: "x".repeat(65_537) }, /body is too long \(maximum is 65536 characters\)/],
      [{ milestone: 99 }, /"value":"99","resource":"Issue","field":"milestone","code":"invalid"/],
      [{ assignees: ["nobody-here"] }, /"value":"nobody-here","resource":"Issue","field":"assignees"/],
      [{ state: "half" }, /"field":"state","code":"invalid"/],
      [{ state: "closed", state_reason: "bored" }, /"field":"state_reason","code":"invalid"/],
      [{ type: "Epic" }, /"field":"type","code":"invalid"/],
    ];
    for (const [body, words] of cases) {
      const refused = await failure(update(body));
      assert.equal(refused.status, 422, JSON.stringify(body).slice(0, 80));
      assert.equal(refused.message, "Validation Failed");
      assert.match(JSON.stringify(refused.errors), words);
    }
    await update({ title: "🎉".repeat(256), body: "🎉".repeat(65_536) });
    assert.match((await failure(update({ colour: "red" }))).message, /"colour" is not a permitted key/);
    assert.match((await failure(update({ labels: "bug" }))).message, /For 'properties\/labels', "bug" is not an array/);
    const noTitle = octokit.request("POST /repos/{owner}/{repo}/issues", { owner, repo, title: undefined as never });
    assert.match((await failure(noTitle)).message, /"title" wasn't supplied/);
    const broken = await fetch(`${emulator.url}/repos/${owner}/${repo}/issues`, {
      method: "POST",
      body: "{",
      headers: { authorization: `Bearer ${emulator.credentials["GITHUB_TOKEN"]}` },
    });
    assert.equal(broken.status, 400);
    const blank = await failure(octokit.rest.issues.createComment({ ...own, body: " " }));
    assert.match(JSON.stringify(blank.errors), /Body cannot be blank/);
  });

  test("users without push access can create issues and comments; their labels and the like are silently dropped", async () => {
    const reader = client("ghp_emulator_reader");
    const { data } = await reader.rest.issues.create({
      owner,
      repo,
      title: "By a reader",
      labels: ["bug"],
      assignees: ["marena"],
      milestone: 7,
    });
    assert.deepEqual([data.labels, data.assignees, data.milestone], [[], [], null]);
    const own = { owner, repo, issue_number: data.number };
    await reader.rest.issues.update({ ...own, title: "Still mine", labels: ["bug"] });
    assert.deepEqual(world(data.id).labels, []);
    assert.equal((await failure(reader.rest.issues.addLabels({ ...own, labels: ["bug"] }))).status, 403);
    await reader.rest.issues.addAssignees({ ...own, assignees: ["marena"] });
    assert.deepEqual(world(data.id).assignees, []);
    const { issue_number } = await make("Somebody else's");
    assert.equal((await failure(reader.rest.issues.update({ owner, repo, issue_number, title: "Mine" }))).status, 403);
    assert.equal((await reader.rest.issues.createComment({ owner, repo, issue_number, body: "Hello" })).status, 201);
    assert.equal((await reader.rest.repos.get({ owner, repo })).data.permissions?.push, false);
  });

  test("read-only tokens are refused, each kind in its own way", async () => {
    const public_ = { owner, repo: "carrier-sdk" };
    const title = "Not allowed";
    const weak = client(emulator.weakCredentials.values["GITHUB_TOKEN"] ?? "");
    assert.equal((await failure(weak.rest.issues.create({ ...public_, title }))).status, 404);
    const fine = await failure(client("github_pat_emulator_readonly").rest.issues.create({ ...public_, title }));
    assert.deepEqual([fine.status, fine.message], [403, "Resource not accessible by personal access token"]);
    const { status } = await client("github_pat_emulator_full").rest.issues.create({ ...public_, title });
    assert.equal(status, 201);
    const anonymous = await fetch(`${emulator.url}/repos/${owner}/carrier-sdk/issues`, { method: "POST", body: "{}" });
    assert.equal(anonymous.status, 401);
  });

  test("lists issue types to members of the organization", async () => {
    const call = "GET /orgs/{org}/issue-types";
    const { data } = await octokit.request(call, { org: owner });
    assert.deepEqual(
      data.map((type) => type?.name),
      ["Bug", "Feature", "Task"],
    );
    const weak = client(emulator.weakCredentials.values["GITHUB_TOKEN"] ?? "");
    assert.equal((await failure(weak.request(call, { org: owner }))).status, 404);
  });

  test("a write follows a renamed repository with its method, but not a transferred issue", async () => {
    const direct = (method: string, path: string, body: object) =>
      fetch(`${emulator.url}${path}`, {
        method,
        redirect: "manual",
        body: JSON.stringify(body),
        headers: { authorization: `Bearer ${emulator.credentials["GITHUB_TOKEN"]}` },
      });
    const { id, issue_number } = await make("To be transferred");
    emulator.world.move?.(String(id), "harborline/carrier-sdk");
    const moved = await direct("PATCH", `/repos/${owner}/${repo}/issues/${issue_number}`, { title: "Late" });
    assert.equal(moved.status, 301);
    emulator.world.renameSource?.(`${owner}/${repo}`, `${owner}/renamed`);
    const renamed = await direct("POST", `/repos/${owner}/${repo}/issues`, { title: "By the old name" });
    assert.equal(renamed.status, 307);
    assert.match(renamed.headers.get("location") ?? "", /\/repositories\/\d+\/issues$/);
    const followed = await octokit.rest.issues.create({ owner, repo, title: "By the old name" });
    assert.equal(followed.status, 201);
    emulator.world.renameSource?.(`${owner}/renamed`, `${owner}/${repo}`);
  });
});
