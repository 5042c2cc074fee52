import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { emulatedTrackers } from "../../../emulators/start.ts";
import { eventually } from "../../../test/support/stage.ts";
import type { IssueDetailShape, IssueListShape } from "../../server/contract/issue.ts";
import type { AgentShape, RequestShape } from "../../server/contract/work.ts";
import { makePanHome } from "../fixture.ts";
import { createTmux } from "../../work/tmux/tmux.ts";

const limit = { timeout: 60_000 };

test("the demo starts with its own board, apart from the user's keys", limit, async () => {
  await using home = makePanHome();
  writeFileSync(home.paths.envFile, "GITHUB_TOKEN=mine\n", { mode: 0o600 });
  const demo = home.start(["demo", "--port", "0", "--no-open", "--issues", "20"], {
    env: { GITHUB_TOKEN: "mine-too" },
  });
  const [, url = ""] = await demo.until(/Panopticon runs at (\S+)/);
  const folder = join(home.paths.home, "demo");
  const { token } = JSON.parse(readFileSync(join(folder, "server.json"), "utf8")) as { token: string };
  const get = async <T>(path: string) =>
    (await (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).json()) as T;
  for (const tracker of emulatedTrackers) {
    const response = await fetch(`${url}/api/trackers/${tracker}/sync`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 200);
  }
  assert.equal((await get<IssueListShape>("/api/issues")).total, 20 * emulatedTrackers.length);
  assert.ok(!readFileSync(join(folder, ".panopticon.env"), "utf8").includes("mine"));
  assert.equal(existsSync(home.paths.serverFile), false);
  for (const each of [home.paths.home, folder]) assert.equal(statSync(each).mode & 0o777, 0o700, each);

  // Its agent needs no model, and its code hosts accept what the agent commits.
  const send = async <T>(path: string, body: object): Promise<T> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    assert.ok(response.ok, await response.clone().text());
    return (await response.json()) as T;
  };
  const { issues } = await get<IssueListShape>("/api/issues?tracker=rally&status=backlog&limit=1");
  const { id, workspace } = await send<AgentShape>("/api/agents", { ref: issues[0]?.ref });
  const until = (state: string) =>
    eventually(
      async () => {
        const agent = await get<AgentShape>(`/api/agents/${id}`);
        return agent.state === state ? agent : undefined;
      },
      `the demo's agent is ${state}`,
      { describe: () => get(`/api/agents/${id}/screen`) },
    );
  await until("waiting");
  await send(`/api/agents/${id}/message`, { text: "y" });
  await until("finished");
  const request = await send<RequestShape>(`/api/workspaces/${workspace}/request`, {});
  assert.equal(request.state, "open");
  assert.equal((await get<IssueDetailShape>(`/api/issues/${issues[0]?.ref}`)).status, "in_review");

  // Commands work on it where they are told to, and on nothing of it elsewhere.
  await demo.until(new RegExp(`export PANOPTICON_HOME=${folder}\n`));
  const there = { PANOPTICON_HOME: folder };
  const listed = await home.here(["issues", "--tracker", "rally", "--limit", "1"], there);
  assert.match(listed.stderr, /^1 issue of 20;/);
  assert.equal((await home.here(["comment", issues[0]?.ref ?? "", "From a command"], there)).code, 0);
  assert.match((await home.here(["demo", "--no-open"], there)).stdout, /is already running/);
  assert.match((await home.here(["issues"])).stderr, /Nothing is mirrored yet/);

  assert.match((await home.pan("demo", "--no-open")).stdout, /is already running/);
  demo.process.kill("SIGTERM");
  assert.equal((await demo.finished).code, 0);
  assert.equal(existsSync(join(folder, "server.json")), false);
  const tmux = createTmux({ home: folder, env: process.env, secret: new Set() });
  assert.deepEqual(await tmux.list(), [], "the demo's agents end with it");
});

test("ending the demo while dispatch starts agents leaves no agent behind", limit, async () => {
  await using home = makePanHome();
  const demo = home.start(["demo", "--port", "0", "--no-open", "--issues", "20"]);
  await demo.until(/Panopticon runs at (\S+)/);
  const folder = join(home.paths.home, "demo");
  const { url, token } = JSON.parse(readFileSync(join(folder, "server.json"), "utf8")) as Record<string, string>;
  const projects = join(folder, "projects.yaml");
  const rules = "dispatch:\n  when: { status: backlog }\n  limit: { total: 6 }\n";
  writeFileSync(projects, `${rules}${readFileSync(projects, "utf8")}`);
  await eventually(async () => {
    const response = await fetch(`${url}/api/agents`, { headers: { authorization: `Bearer ${token}` } });
    const { agents } = (await response.json()) as { agents: readonly AgentShape[] };
    return agents.length > 0 ? true : undefined;
  }, "dispatch has begun");
  demo.process.kill("SIGTERM");
  assert.equal((await demo.finished).code, 0);
  const tmux = createTmux({ home: folder, env: process.env, secret: new Set() });
  assert.deepEqual(await tmux.list(), []);
});
