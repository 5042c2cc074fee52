import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { systemClock } from "../../domain/clock.ts";
import { makePanHome, type PanHome } from "../fixture.ts";
import { createOutput } from "../printing/output.ts";
import { flagAnswers } from "./flag-answers.ts";
import { planSetup } from "./plan-setup.ts";

function contextIn(home: PanHome, env: Readonly<Record<string, string>>) {
  const silent = { write: () => true };
  return {
    paths: home.paths,
    env,
    cwd: home.folder,
    out: createOutput({ streams: { stdout: silent, stderr: silent }, env }),
    clock: systemClock,
    version: "test",
    setExitCode: () => undefined,
  };
}

test("another project may share a name with another tracker's source, but not take a source already mirrored", async (t) => {
  const [linear, jira] = await Promise.all(
    ["linear", "jira"].map((tracker) => startEmulator(tracker, { issues: 4, seed: 5, sources: 2 })),
  );
  assert.ok(linear && jira);
  t.after(() => Promise.all([linear.close(), jira.close()]));
  const [team, otherTeam] = linear.sources.map(({ key }) => key);
  const [project, otherProject] = jira.sources.map(({ key }) => key);
  assert.ok(team && otherTeam && project && otherProject);
  jira.world.renameSource?.(project, team);
  await using home = makePanHome();
  home.write("projects", `projects:\n  one:\n    linear_team: ${team.toLowerCase()}\n`);

  const env = { PATH: "", PANOPTICON_HOME: home.folder, ...linear.credentials, ...jira.credentials };
  const context = contextIn(home, env);
  const { out } = context;
  const given = { sources: {}, name: "Two", id: undefined, another: true };
  const setup = await planSetup(context, flagAnswers(out, { keep: false, start: false }), given);
  assert.deepEqual(setup.project, {
    id: "two",
    values: { name: "Two", linear_team: otherTeam, jira_project: [team, otherProject] },
  });
});

test("a key that lacks rights is reported with what it lacks", async (t) => {
  const gitlab = await startEmulator("gitlab", { issues: 4, seed: 5, sources: 2 });
  t.after(() => gitlab.close());
  await using home = makePanHome();
  const env = { PATH: "", PANOPTICON_HOME: home.folder, ...gitlab.credentials, ...gitlab.weakCredentials.values };
  const context = contextIn(home, env);
  const { out } = context;
  const said: string[] = [];
  const answers = {
    ...flagAnswers(out, { keep: false, start: false }),
    say: (text: string) => void said.push(...text.split("\n")),
  };
  await planSetup(context, answers, { sources: {}, name: undefined, id: undefined, another: false });
  const at = said.findIndex((line) => line.startsWith("✓ GitLab"));
  assert.match(said[at + 1] ?? "", /^ +The token has only the scope read_api: issues can be read but not changed\./);
});
