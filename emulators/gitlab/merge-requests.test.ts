import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Gitlab, GitbeakerRequestError } from "@gitbeaker/rest";
import { after, before } from "../../test/support/hooks.ts";
import { makeBranch, makeRepository } from "../../test/support/workbench.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";

const path = "harborline/platform/billing";

let folder: string;
let emulator: Emulator;
let api: ReturnType<typeof client>;
let checkout: string;

function client(token: string) {
  return new Gitlab({ host: emulator.url, token });
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "pan-merges-"));
  const made = makeRepository(folder);
  checkout = made.checkout;
  emulator = await startEmulator("gitlab", { issues: 60, seed: 5 });
  emulator.world.keepCode?.(path, made.origin);
  api = client(emulator.credentials["GITLAB_TOKEN"] ?? "");
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
  assert.ok(error instanceof GitbeakerRequestError, String(error));
  return `${error.cause?.response.status} ${JSON.stringify(error.cause?.description)}`;
}

test("a merge request needs a pushed branch and a role, and each branch has at most one", async () => {
  assert.match(await refusal(api.MergeRequests.create(path, "one", "main", "One")), /400/);
  makeBranch(checkout, "one");
  const made = await api.MergeRequests.create(path, "one", "main", "One");
  assert.deepEqual([made.state, made.source_branch, made.sha?.length], ["opened", "one", 40]);
  assert.match(await refusal(api.MergeRequests.create(path, "one", "main", "One")), /409 .*already exists .*!1/);
  assert.match(await refusal(client("glpat-emulator_guest").MergeRequests.create(path, "one", "main", "One")), /403/);
  assert.match(await refusal(client("glpat-emulator_weak").MergeRequests.create(path, "one", "main", "One")), /403/);
  const listed = await api.MergeRequests.all({ projectId: path, sourceBranch: "one", state: "opened" });
  assert.deepEqual(
    listed.map(({ iid }) => iid),
    [made.iid],
  );
});

test("merging squashes in the repository and closes the issues named in the text", async () => {
  const [issue] = emulator.world.issues(path).filter(({ closed }) => !closed);
  assert.ok(issue);
  makeBranch(checkout, "two");
  const description = `Closes ${issue.key.replace("!", "#")}`;
  const made = await api.MergeRequests.create(path, "two", "main", "Two", { description });
  const merged = await api.MergeRequests.merge(path, made.iid, { squash: true });
  assert.deepEqual([merged.state, merged.sha, merged.squash_commit_sha?.length], ["merged", made.sha, 40]);
  assert.equal(emulator.world.issues().find(({ nativeId }) => nativeId === issue.nativeId)?.closed, true);
  assert.match(await refusal(api.MergeRequests.merge(path, made.iid)), /405/);
});
