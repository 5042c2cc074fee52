import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { after, before } from "../test/support/hooks.ts";
import type { Emulator, WorldComment, WorldIssue } from "./emulator.ts";
import { startEmulators } from "./start.ts";

describe("the control API", () => {
  let running: Awaited<ReturnType<typeof startEmulators>>;
  let gitHub: Emulator;
  let linear: Emulator;

  before(async () => {
    running = await startEmulators({ issues: 40, seed: 4 });
    const { github, linear: other } = running.emulators;
    assert.ok(github && other);
    gitHub = github;
    linear = other;
  });
  after(() => running.close());

  async function call(
    emulator: Emulator,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${emulator.control}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  }

  test("listens on loopback, without the tracker's credentials", async () => {
    assert.equal(new URL(gitHub.control).hostname, "127.0.0.1");
    assert.equal((await call(gitHub, "GET", "/issues")).status, 200);
  });

  test("lists, creates, edits, comments on, moves and deletes issues", async () => {
    const source = "harborline/portal";
    const made = await call(gitHub, "POST", "/issues", {
      source,
      title: "From outside",
      labels: ["bug"],
      assignees: ["elifk"],
    });
    assert.equal(made.status, 201);
    const { nativeId, key } = made.body as WorldIssue;
    const edited = await call(gitHub, "PATCH", `/issues/${nativeId}`, { state: "closed:not_planned" });
    assert.equal((edited.body as WorldIssue).state, "closed:not_planned");
    assert.equal((await call(gitHub, "POST", `/issues/${nativeId}/comments`, { body: "Hello" })).status, 201);
    const kept = await call(gitHub, "GET", `/issues/${nativeId}/comments`);
    assert.deepEqual(
      (kept.body as { comments: WorldComment[] }).comments.map(({ body }) => body),
      ["Hello"],
    );
    const comments = await fetch(`${gitHub.url}/repos/${source}/issues/${key.slice(1)}/comments`, {
      headers: { authorization: `Bearer ${gitHub.credentials["GITHUB_TOKEN"]}` },
    });
    assert.deepEqual(
      ((await comments.json()) as { body: string }[]).map(({ body }) => body),
      ["Hello"],
    );
    assert.equal((await call(gitHub, "POST", `/issues/${nativeId}/malform`, { how: "missing-field" })).status, 204);
    assert.equal(
      (await call(gitHub, "POST", `/issues/${nativeId}/move`, { source: "harborline/carrier-sdk" })).status,
      204,
    );
    const moved = gitHub.world.issues("harborline/carrier-sdk").find(({ title }) => title === "From outside");
    assert.ok(moved);
    assert.equal((await call(gitHub, "DELETE", `/issues/${moved.nativeId}`)).status, 204);
    const listed = await call(gitHub, "GET", "/issues?source=harborline%2Fcarrier-sdk&limit=3");
    const { total, issues } = listed.body as { total: number; issues: WorldIssue[] };
    assert.equal(total, 20);
    assert.equal(issues.length, 3);
  });

  test("archives where the tracker has an archive, and otherwise says so", async () => {
    const [issue] = linear.world.issues();
    assert.ok(issue);
    assert.equal((await call(linear, "POST", `/issues/${issue.key}/archive`, { how: "archived" })).status, 204);
    const refused = await call(gitHub, "POST", "/issues/1/archive", { how: "archived" });
    assert.equal(refused.status, 400);
    assert.match(JSON.stringify(refused.body), /no archive/);
  });

  test("hides and renames sources, renames labels", async () => {
    assert.equal(
      (await call(linear, "POST", "/labels/rename", { source: "APP", from: "Bug", to: "Defect" })).status,
      204,
    );
    assert.ok(linear.world.issues("APP").some(({ labels }) => labels.includes("Defect")));
    assert.equal((await call(linear, "POST", "/sources/hide", { source: "APP", hidden: true })).status, 204);
    assert.equal((await call(linear, "POST", "/sources/hide", { source: "APP", hidden: false })).status, 204);
    assert.equal(
      (await call(gitHub, "POST", "/sources/rename", { from: "harborline/portal", to: "harborline/web" })).status,
      204,
    );
    assert.ok(gitHub.world.issues("harborline/web").length > 0);
  });

  test("sets, lists and clears faults and the request log", async () => {
    await call(gitHub, "DELETE", "/requests");
    await call(gitHub, "POST", "/faults", { kind: "server-error", value: 503, times: null });
    const statuses: number[] = [];
    for (let count = 0; count < 2; count += 1) statuses.push((await fetch(`${gitHub.url}/user`)).status);
    assert.deepEqual(statuses, [503, 503]);
    assert.equal(((await call(gitHub, "GET", "/faults")).body as { faults: unknown[] }).faults.length, 1);
    assert.equal((await call(gitHub, "DELETE", "/faults")).status, 204);
    assert.equal((await fetch(`${gitHub.url}/user`)).status, 401);
    const log = (await call(gitHub, "GET", "/requests")).body as { count: number; requests: { status: number }[] };
    assert.equal(log.count, 3);
    assert.deepEqual(
      log.requests.map(({ status }) => status),
      [503, 503, 401],
    );
  });

  test("serves pages and pictures that records link to, outside the API's request log", async () => {
    await call(gitHub, "DELETE", "/requests");
    gitHub.faults.add({ kind: "server-error" });
    const authorization = `Bearer ${gitHub.credentials["GITHUB_TOKEN"]}`;
    const [issue] = gitHub.world.issues("harborline/carrier-sdk");
    assert.ok(issue);
    const page = await fetch(`${gitHub.url}/harborline/carrier-sdk/issues/${issue.key.slice(1)}`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<h1>/);
    assert.equal(gitHub.requests.count(), 0);
    gitHub.faults.clear();
    const user = (await (await fetch(`${gitHub.url}/user`, { headers: { authorization } })).json()) as {
      avatar_url: string;
    };
    assert.match((await fetch(user.avatar_url)).headers.get("content-type") ?? "", /svg/);
    assert.equal(gitHub.requests.count(), 1);
  });

  test("rejects invalid requests with a reason", async () => {
    assert.equal((await call(gitHub, "GET", "/nothing")).status, 404);
    for (const [path, body] of [
      ["/faults", { kind: "earthquake" }],
      ["/issues", { source: "nowhere/at-all" }],
      ["/labels/rename", { source: "harborline/carrier-sdk" }],
    ] as const) {
      const refused = await call(gitHub, "POST", path, body);
      assert.equal(refused.status, 400, path);
      assert.ok((refused.body as { error: string }).error.length > 10);
    }
  });
});
