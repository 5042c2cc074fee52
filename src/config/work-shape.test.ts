import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultWorkSettings } from "../domain/work-settings.ts";
import { makeHome, trackers } from "./fixture.ts";
import { createConfigReader } from "./read-config.ts";

test("work settings are read and completed", async () => {
  using home = makeHome();
  home.write(
    "projects",
    `projects:
  app:
    hub_repo: acme/app
    signals: false
    workspace:
      root: ~/spaces
      copy: .env.local
      setup: [npm ci, "npm run build"]
      timeout: 10m
  other:
    hub_repo: acme/other
dispatch:
  when: { status: planning, labels: [agent], assignee: me }
  agent: claude
  limit: { total: 2, per_status: { in_review: 1 } }
  retries: { backoff: 5s }
`,
  );
  home.write(
    "config",
    "agents:\n  mine: { command: [./agent, '{prompt}'], env: MY_KEY, set_env: { MODE: fast }, silence: 20s }\n",
  );
  const { projects, dispatch, agents, problems } = await home.read();
  assert.deepEqual(problems, []);
  assert.deepEqual(projects[0]?.work, {
    workspace: {
      ...defaultWorkSettings.workspace,
      root: `${home.folder}/spaces`,
      copy: [".env.local"],
      setup: ["npm ci", "npm run build"],
      timeoutMs: 600_000,
    },
    signals: false,
  });
  assert.deepEqual(projects[1]?.work, defaultWorkSettings);
  assert.equal(defaultWorkSettings.workspace.timeoutMs, 60_000);
  assert.deepEqual(dispatch, {
    when: { status: ["planning"], labels: ["agent"], assignee: ["me"], project: [] },
    agent: "claude",
    limit: { total: 2, perStatus: { in_review: 1 } },
    retries: { backoffMs: 5_000, capMs: 300_000, attempts: 5 },
    stallMs: 300_000,
    turns: 20,
    cost: { perIssue: null, perDay: null },
    tokens: { perIssue: null, perDay: null },
  });
  assert.deepEqual(agents, {
    mine: { command: ["./agent", "{prompt}"], env: ["MY_KEY"], setEnv: { MODE: "fast" }, silenceMs: 20_000 },
  });
});

test("a broken edit keeps the last valid rules", async () => {
  using home = makeHome();
  const read = createConfigReader({ paths: home.paths, env: home.env, cwd: home.folder, trackers, runCommand: null });
  home.write("projects", "projects:\n  app: { hub_repo: acme/app }\ndispatch: { turns: 3 }\n");
  assert.equal((await read()).dispatch?.turns, 3);
  home.write("projects", "projects:\n  app: { hub_repo: acme/app }\ndispatch: { turns: many, whem: {} }\n");
  const broken = await read();
  assert.equal(broken.dispatch?.turns, 3);
  assert.deepEqual(
    broken.problems.map(({ message }) => message),
    [
      '"turns" must be a whole number from 1 to 1000',
      'unknown key "whem"; did you mean "when"?',
      '"dispatch" starts an agent on every issue with these statuses, whoever it is assigned to',
    ],
  );
  home.write("projects", "projects:\n  app: { hub_repo: acme/app }\n");
  assert.equal((await read()).dispatch, null);
});

test("refuses dispatch of finished statuses, and warns about a missing project", async () => {
  using home = makeHome();
  const projects = "projects:\n  app: { hub_repo: acme/app }\n";
  home.write("projects", `${projects}dispatch: { when: { status: [done], labels: [agent] } }\n`);
  assert.deepEqual(
    (await home.read()).problems.map(({ severity, message }) => [severity, message]),
    [["error", '"status" must be one of backlog, planning, in_progress, in_review']],
  );
  home.write("projects", `${projects}dispatch: { when: { project: [app, apps] } }\n`);
  const { dispatch, problems } = await home.read();
  assert.deepEqual(dispatch?.when.project, ["app", "apps"]);
  assert.deepEqual(
    problems.map(({ severity, line, message, hint }) => [severity, line, message, hint]),
    [["warning", 3, '"dispatch" names a project that does not exist: apps', 'Did you mean "app"?']],
  );
});

test("refuses invalid settings", async () => {
  using home = makeHome();
  home.write(
    "projects",
    "projects:\n  app:\n    hub_repo: acme/app\n    workspace: { root: spaces, copy: [../secrets, /etc/passwd], timeout: 5 }\n",
  );
  home.write("config", "agents: { 'My Agent': { command: x } }\n");
  const { problems } = await home.read();
  assert.deepEqual(problems.map(({ message }) => message).toSorted(), [
    '"My Agent" is not a valid agent name: use lowercase letters, digits, hyphens and underscores',
    '"copy" must lie inside the checkout',
    '"copy" must lie inside the checkout',
    '"root" must be an absolute path, or start with ~/',
    '"timeout" must be like "30s", "2m" or "1h"',
  ]);
});
