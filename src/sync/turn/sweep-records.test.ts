import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { createTestMirror } from "../../../test/support/mirror.ts";

test("a sweep finds a label change that did not move the update time", async (t) => {
  const emulator = await startEmulator("gitlab", { issues: 40, seed: 7, sources: 1 });
  t.after(() => emulator.close());
  const mirror = await createTestMirror([emulator]);
  t.after(() => mirror.close());
  await mirror.sync.syncNow();
  const issue = emulator.world
    .issues()
    .find(({ closed, labels }) => !closed && !labels.some((name) => name.includes("workflow")));
  assert.ok(issue);
  const card = async () => (await readAllCards(mirror.store)).find(({ nativeId }) => nativeId === issue.nativeId);
  assert.equal((await card())?.status, "backlog");

  emulator.world.edit(issue.nativeId, { labels: ["workflow::in review"], updatedAt: issue.updatedAt });
  await mirror.sync.syncNow();
  assert.equal((await card())?.status, "backlog", "a poll cannot see it");
  const { changed } = await mirror.sync.syncNow({ sweep: true });
  assert.equal(changed, 1);
  assert.equal((await card())?.status, "in_review");
  assert.equal((await mirror.sync.syncNow({ sweep: true })).changed, 0);
});

test("GitHub: a sweep corrects the comment count after a deletion that did not move the update time; children move it themselves", async (t) => {
  const emulator = await startEmulator("github", { issues: 40, seed: 7, sources: 1 });
  t.after(() => emulator.close());
  const mirror = await createTestMirror([emulator]);
  t.after(() => mirror.close());
  const repository = emulator.sources[0]?.key ?? "";
  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${emulator.url}/repos/${repository}${path}`, {
      method,
      headers: { authorization: `Bearer ${emulator.credentials["GITHUB_TOKEN"]}`, "user-agent": "test" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(response.ok, `${method} ${path}: ${response.status}`);
    return response.status === 204 ? null : ((await response.json()) as unknown);
  };
  await mirror.sync.syncNow();
  const cards = await readAllCards(mirror.store);
  const parent = cards.find(({ children, commentCount }) => children.total === 0 && (commentCount ?? 0) > 0);
  const child = cards.find((one) => one.parent === null && one.children.total === 0 && one !== parent);
  assert.ok(parent && child);
  const path = `/issues/${parent.key.replace(/.*#/, "")}`;
  const card = async () =>
    (await readAllCards(mirror.store)).find(({ nativeId }) => nativeId === parent.nativeId) ?? assert.fail();
  const told = async () => [(await card()).children.total, (await card()).commentCount];
  const comments = parent.commentCount ?? 0;

  await ask("POST", `${path}/sub_issues`, { sub_issue_id: Number(child.nativeId) });
  const [comment] = (await ask("GET", `${path}/comments`)) as { id: number }[];
  await ask("DELETE", `/issues/comments/${comment?.id}`);
  await mirror.sync.syncNow();
  assert.deepEqual(await told(), [1, comments], "a poll cannot see the comment go");
  await mirror.sync.syncNow({ sweep: true });
  assert.deepEqual(await told(), [1, comments - 1]);
  assert.equal((await mirror.sync.syncNow({ sweep: true })).changed, 0);
});
