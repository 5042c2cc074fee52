import assert from "node:assert/strict";
import { test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { PanHome } from "../../src/cli/fixture.ts";
import type { IssueListShape } from "../../src/server/contract/issue.ts";
import type { TrackersShape } from "../../src/server/contract/tracker.ts";
import { after, before } from "../support/hooks.ts";
import { makeHome, sourceOf } from "../support/stage.ts";

const limit = { timeout: 60_000 };

let gitlab: Emulator;
let jira: Emulator;
let dataCenter: Emulator;
let rally: Emulator;

before(async () => {
  const options = { issues: 12, seed: 5 };
  [gitlab, jira, dataCenter, rally] = await Promise.all([
    startEmulator("gitlab", options),
    startEmulator("jira", options),
    startEmulator("jira", { ...options, variant: "data-center" }),
    startEmulator("rally", options),
  ]);
});
after(async () => {
  await Promise.all([gitlab, jira, dataCenter, rally].map((emulator) => emulator.close()));
});

const project = (key: string, value: string) => `projects:\n  one:\n    history: all\n    ${key}: "${value}"\n`;

/** Runs `pan` with both outputs combined; asserts that it never prints a stack or an internal error. */
async function pan(home: PanHome, ...args: string[]): Promise<{ code: number | null; text: string }> {
  const { code, stdout, stderr } = await home.pan(...args);
  const text = `${stdout}${stderr}`;
  assert.doesNotMatch(text, /\n\s+at |went wrong inside/);
  return { code, text };
}

function says({ code, text }: { code: number | null; text: string }, expected: number, ...words: RegExp[]): void {
  assert.equal(code, expected, text);
  for (const one of words) assert.match(text, one);
}

test("JIRA_API_KEY without JIRA_URL says what to set it to", limit, async () => {
  const remedy = /https:\/\/SITE\.atlassian\.net.*Data Center.*context path/;
  const env = { JIRA_URL: null };
  await using home = makeHome({ emulators: [jira], env, projects: project("jira_project", sourceOf(jira)) });
  says(await pan(home, "sync"), 4, /JIRA_URL is not set\./, remedy);
  says(await pan(home, "doctor"), 1, /JIRA_URL missing, and projects use it/, remedy);
});

test("a Data Center token at Cloud, and a Cloud token at a Data Center", limit, async () => {
  const key = dataCenter.credentials["JIRA_API_KEY"] ?? "";
  const env = { JIRA_API_KEY: key, JIRA_EMAIL: null };
  await using home = makeHome({ emulators: [jira], env, projects: project("jira_project", sourceOf(jira)) });
  const alone = /Jira Cloud does not accept this token alone\./;
  says(await pan(home, "sync"), 4, alone, /set JIRA_EMAIL\./, /Data Center belongs to that server: set JIRA_URL/);
  home.write("env", `JIRA_API_KEY=${key}\nJIRA_EMAIL=a@b.example\nJIRA_URL=${dataCenter.url}\n`);
  says(await pan(home, "sync"), 4, /Jira rejected the credentials/, /Data Center:.*leave JIRA_EMAIL out/);
});

test("a Rally key without access to the named workspace or project", limit, async () => {
  const [workspace = "", allowed = ""] = sourceOf(rally, 0).split("/");
  const other = sourceOf(rally, 1);
  const env = rally.weakCredentials.values;
  await using home = makeHome({
    emulators: [rally],
    env: { ...env, RALLY_WORKSPACE: "/workspace/777", RALLY_PROJECT: allowed },
    projects: "",
  });
  says(await pan(home, "sync"), 1, /Could not read: .*\/workspace\/777/, /Check the workspace .*RALLY_WORKSPACE/);
  home.write(
    "env",
    Object.entries(env)
      .flatMap(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  home.write(
    "projects",
    project("rally_project", other).replace(
      `"${other}"`,
      `"${other.split("/")[1]}"\n    rally_workspace: "${workspace}"`,
    ),
  );
  says(await pan(home, "sync"), 1, /There is no project \d+ in Rally/, /Check rally_project .*RALLY_PROJECT/);
  says(await pan(home, "doctor"), 0, /warning +rally:\d+\/\d+: There is no project/);
});

test("a renamed project keeps working, and says what to write", limit, async () => {
  const both = (group: string, key: string) => `${project("gitlab_project", group)}    jira_project: ${key}\n`;
  const former = [sourceOf(gitlab), sourceOf(jira)] as const;
  const renamed = ["harborline/platform/ledger", "LANE"] as const;
  const count = () => gitlab.world.issues(renamed[0]).length + jira.world.issues(renamed[1]).length;
  await using home = makeHome({ emulators: [gitlab, jira], projects: both(...former) });
  gitlab.world.renameSource?.(former[0], renamed[0]);
  jira.world.renameSource?.(former[1], renamed[1]);
  says(await pan(home, "sync"), 0, new RegExp(`^${count()} issues changed`));
  const status = await pan(home, "status");
  says(status, 0, /is now called harborline\/platform\/ledger/, /is now LANE/);
  says(status, 0, /Write "gitlab_project: harborline\/platform\/ledger"/, /Write "jira_project: LANE"/);
  assert.doesNotMatch(status.text, /Not mirrored/);
  const told = JSON.parse((await home.pan("trackers", "--json")).stdout) as TrackersShape;
  assert.deepEqual(
    told.trackers
      .filter(({ sources }) => sources.length > 0)
      .map(({ health, error, warnings }) => [health, error, warnings.length]),
    [
      ["ok", null, 1],
      ["ok", null, 1],
    ],
  );

  gitlab.world.create(renamed[0], { title: "Since it has another name" });
  home.write("projects", both(...renamed));
  says(await pan(home, "sync"), 0);
  const listed = JSON.parse((await home.pan("issues", "--json", "--limit", "1")).stdout) as IssueListShape;
  assert.equal(listed.total, count());
});
