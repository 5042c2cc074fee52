import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { goTo } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually, sourceOf } from "../support/stage.ts";
import { findViolations } from "./find-violations.ts";
import { untilScreen, openAgentsStage, type AgentsStage } from "./agents-stage.ts";

const limit = { timeout: 120_000 };

let stage: AgentsStage;
before(async () => {
  stage = await openAgentsStage();
});
after(() => stage.close());

/** The URL of the branch's request on its host. */
async function requestOf(emulator: Emulator, path: string, token: string, branch: string): Promise<string> {
  const response = await fetch(`${emulator.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  assert.ok(response.ok, `${path}: ${response.status}`);
  const requests = (await response.json()) as {
    body?: string;
    description?: string;
    source_branch?: string;
    head?: { ref: string };
  }[];
  const found = requests.find(({ source_branch, head }) => (source_branch ?? head?.ref) === branch);
  return found?.body ?? found?.description ?? assert.fail(`${branch} among ${JSON.stringify(requests).slice(0, 500)}`);
}

test("a workspace is created from the issue, lists what would be lost, and is removed anyway", limit, async () => {
  const { server, browser, freeIssue, goToGithub, start } = stage;
  const { page } = await browser.open();
  await goToGithub(page);
  const ref = await freeIssue(2);
  await page.locator(`.card[data-ref="${ref}"]`).click();
  await page.getByRole("button", { name: "Create workspace" }).click();
  const row = page.locator('.workspace[data-state="ready"]');
  await row.waitFor();
  const path = await row.locator("code").nth(1).innerText();
  assert.ok(existsSync(path), path);
  const { id } = await start(ref, ["write lost.txt words", "say written", "read"]);
  await page.locator(".work-agent").waitFor();
  await eventually(async () => (existsSync(join(path, "lost.txt")) ? true : undefined), "the file is there");
  await server.ask("POST", `/api/agents/${id}/stop`);
  await row.getByText("1 uncommitted file").waitFor();
  await row.getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: /Remove workspace/ });
  await dialog.getByText("lost.txt").waitFor();
  await dialog.getByRole("button", { name: "Remove anyway" }).click();
  await page.getByRole("button", { name: "Create workspace" }).waitFor();
  assert.ok(!existsSync(path));
  await page.close();
});

test("Open request on GitHub, from the agent's page: the issue is linked and in review", limit, async () => {
  const { github, server, browser, freeIssue, issue, start } = stage;
  const ref = await freeIssue(5);
  const { id, branch } = await start(ref, ["write a.txt b", "commit Add a", "read"]);
  const { page } = await browser.open();
  await goTo(page, server, `/agents/${id}`);
  await untilScreen(page, /Committed: Add a/);
  await page.getByRole("button", { name: "Open request" }).click();
  const link = page.locator(".agent-actions a", { hasText: /^#\d+$/ });
  await link.waitFor();
  assert.match((await link.getAttribute("href")) ?? "", /\/pull\/\d+$/);
  const path = `/repos/${sourceOf(github)}/pulls?state=open&sort=created&direction=desc`;
  const text = await requestOf(github, path, github.credentials["GITHUB_TOKEN"] ?? "", branch ?? "");
  assert.match(text, new RegExp(`Closes \\S*#${/\d+$/.exec(ref)?.[0]}\\b`));
  await eventually(async () => ((await issue(ref)).status === "in_review" ? true : undefined), `${ref} is in review`);
  await server.ask("POST", `/api/agents/${id}/stop`);
  await page.close();
});

test("a workspace whose folder is gone is created again from the agent's page, with its commits", limit, async () => {
  const { server, browser, freeIssue, start } = stage;
  const { id, path } = await start(await freeIssue(8), ["write kept.txt words", "commit Keep it", "read"]);
  assert.ok(path !== null);
  const { page } = await browser.open();
  await goTo(page, server, `/agents/${id}`);
  await untilScreen(page, /Committed: Keep it/);
  await server.ask("POST", `/api/agents/${id}/stop`);
  await page.getByRole("button", { name: "Remove workspace" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Recreate" }).count(), 0);
  rmSync(path, { recursive: true });
  await page.reload();
  await page.getByText("Its folder is gone.").waitFor();
  assert.deepEqual(await findViolations(page), []);
  await page.getByRole("button", { name: "Recreate" }).click();
  await page.getByText("Its folder is gone.").waitFor({ state: "detached" });
  await eventually(async () => (existsSync(join(path, "kept.txt")) ? true : undefined), "its commit is checked out");
  await page.getByRole("button", { name: "Recreate" }).waitFor({ state: "detached" });
  await page.close();
});

test("a push that a hook holds up shows what the hook says, in every tab, and can be stopped", limit, async () => {
  const { github, server, browser, freeIssue, issue, start } = stage;
  const ref = await freeIssue(6);
  const { id } = await start(ref, ["write b.txt c", "commit Add b", "read"]);
  const { page } = await browser.open();
  await goTo(page, server, `/issues/${encodeURIComponent(ref)}`);
  const row = page.locator('.workspace[data-state="ready"]');
  await row.getByText("1 ahead").waitFor();
  const { workspace } = await issue(ref);
  const git = ["-C", workspace?.path ?? "", "rev-parse", "--path-format=absolute", "--git-common-dir"];
  const hooks = join(execFileSync("git", git, { encoding: "utf8" }).trim(), "hooks");
  mkdirSync(hooks, { recursive: true });
  const hook = join(hooks, "pre-push");
  writeFileSync(hook, "#!/bin/sh\necho Running all the tests >&2\nsleep 600\n", { mode: 0o755 });
  try {
    await row.getByRole("button", { name: "Open request" }).click();
    await row.locator(".steps-log", { hasText: "Running all the tests" }).waitFor();
    assert.ok(await row.getByRole("button", { name: "Opening request…" }).isDisabled());
    const { page: other } = await browser.open();
    await goTo(other, server, `/agents/${id}`);
    await other.locator(".steps-log", { hasText: "Running all the tests" }).waitFor();
    assert.deepEqual(await findViolations(other), []);
    await other.getByRole("button", { name: "Stop push" }).click();
    await other.getByRole("button", { name: "Stop push" }).waitFor({ state: "detached" });
    await page.locator(".toast", { hasText: "was stopped" }).waitFor();
    await row.locator(".steps-log").waitFor({ state: "detached" });
    assert.ok(await row.getByRole("button", { name: "Open request" }).isEnabled());
    await other.close();
  } finally {
    rmSync(hook);
  }
  assert.equal(
    github.requests.list().filter(({ method, url }) => method === "POST" && url.endsWith("/pulls")).length,
    1,
  );
  await row.getByRole("button", { name: "Open request" }).click();
  await row.getByRole("link", { name: /^#\d+, open$/ }).waitFor();
  await server.ask("POST", `/api/agents/${id}/stop`);
  await page.close();
});

test("after a failed step is fixed, the work is handed in on GitLab, from the issue", limit, async () => {
  const { gitlab, server, browser, mendSetup, freeIssue, issue, goToGithub, start } = stage;
  const { page } = await browser.open();
  await goToGithub(page);
  const ref = await freeIssue(0, "gitlab");
  await goTo(page, server, `/issues/${encodeURIComponent(ref)}`);
  await page.getByRole("button", { name: "Create workspace" }).click();
  const failed = page.locator('.workspace[data-state="failed"]');
  await failed
    .getByText(/“test -e .*” failed with exit code 1/)
    .first()
    .waitFor();
  mendSetup();
  await failed.getByRole("button", { name: "Retry" }).click();
  const ready = page.locator('.workspace[data-state="ready"]');
  await ready.waitFor();
  assert.ok(await ready.getByRole("button", { name: "Open request" }).isDisabled(), "there is no commit yet");
  const { branch } = await start(ref, ["write a.txt b", "commit Add a", "exit 0"]);
  await ready.getByText("1 ahead").waitFor();
  await ready.getByRole("button", { name: "Open request" }).click();
  await ready.getByRole("link", { name: /^!\d+, open$/ }).waitFor();
  const path = `/api/v4/projects/${encodeURIComponent(sourceOf(gitlab))}/merge_requests?state=opened`;
  const text = await requestOf(gitlab, path, gitlab.credentials["GITLAB_TOKEN"] ?? "", branch ?? "");
  assert.match(text, new RegExp(`Closes \\S*#${/\d+$/.exec(ref)?.[0]}\\b`));
  await eventually(async () => ((await issue(ref)).status === "in_review" ? true : undefined), `${ref} is in review`);
  await page.close();
});
