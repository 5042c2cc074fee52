import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Octokit } from "@octokit/rest";
import { after, before } from "../../test/support/hooks.ts";
import { makeBranch, makeRepository } from "../../test/support/workbench.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";

const own = { owner: "harborline", repo: "portal" };

let folder: string;
let emulator: Emulator;
let octokit: Octokit;
let checkout: string;

const client = (token: string) =>
  new Octokit({ auth: token, baseUrl: emulator.url, log: { debug() {}, info() {}, warn() {}, error() {} } });

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "pan-pulls-"));
  const made = makeRepository(folder);
  checkout = made.checkout;
  emulator = await startEmulator("github", { issues: 60, seed: 5, budget: 1_000_000 });
  emulator.world.keepCode?.("harborline/portal", made.origin);
  octokit = client(emulator.credentials["GITHUB_TOKEN"] ?? "");
});
after(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refusal(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => assert.fail("the call succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error && "status" in error && typeof error.status === "number", String(error));
  return `${error.status} ${error.message}`;
}

test("a pull request needs a pushed branch with commits, and each branch has at most one", async () => {
  const wish = { ...own, title: "One", head: "one", base: "main" };
  assert.match(await refusal(octokit.rest.pulls.create(wish)), /422 .*"field":"head","code":"invalid"/);
  makeBranch(checkout, "one");
  const { data } = await octokit.rest.pulls.create(wish);
  assert.deepEqual([data.state, data.head.ref, data.base.ref, data.merged], ["open", "one", "main", false]);
  assert.match(await refusal(octokit.rest.pulls.create(wish)), /422 .*already exists for harborline:one/);
  assert.match(await refusal(octokit.rest.pulls.create({ ...wish, head: "main" })), /No commits between main and main/);
  assert.match(await refusal(client("ghp_emulator_weak").rest.pulls.create(wish)), /404/);
  assert.match(await refusal(client("github_pat_emulator_readonly").rest.pulls.create(wish)), /403/);
  const listed = await octokit.rest.pulls.list({ ...own, head: "harborline:one", state: "all" });
  assert.deepEqual(
    listed.data.map(({ number }) => number),
    [data.number],
  );
});

test("merging squashes in the repository and closes the issues named in the text", async () => {
  const [issue] = emulator.world.issues("harborline/portal").filter(({ closed }) => !closed);
  assert.ok(issue);
  makeBranch(checkout, "two");
  const body = `Fixes ${issue.key}`;
  const { data } = await octokit.rest.pulls.create({ ...own, title: "Two", head: "two", base: "main", body });
  const merged = await octokit.rest.pulls.merge({ ...own, pull_number: data.number, merge_method: "squash" });
  assert.equal(merged.data.merged, true);
  const again = await octokit.rest.pulls.get({ ...own, pull_number: data.number });
  assert.deepEqual([again.data.state, again.data.merged, again.data.head.sha], ["closed", true, data.head.sha]);
  assert.equal(emulator.world.issues().find(({ nativeId }) => nativeId === issue.nativeId)?.state, "closed");
  assert.match(await refusal(octokit.rest.pulls.merge({ ...own, pull_number: data.number })), /405/);
});

test("an unchanged list responds with 304; a push to a branch changes it", async () => {
  const { headers } = await octokit.rest.pulls.list({ ...own, state: "all" });
  const same = octokit.rest.pulls.list({ ...own, state: "all", headers: { "if-none-match": headers.etag ?? "" } });
  assert.match(await refusal(same), /304/);
  makeBranch(checkout, "one", "more.txt");
  const { data } = await octokit.rest.pulls.list({ ...own, headers: { "if-none-match": headers.etag ?? "" } });
  assert.ok(data.some(({ head }) => head.ref === "one"));
});
