import assert from "node:assert/strict";
import { test } from "node:test";
import { allProfiles, argumentsOf, getProfile } from "./profiles.ts";

const files = { promptFile: "/w/PROMPT.md", stateFile: "/w/STATE.md" };

test("appends a profile's arguments for plans and resuming to its command, with the prompt last or in its placeholder", () => {
  const profiles = allProfiles({
    own: { command: ["own", "--state={stateFile}"], plan: ["--read-only"], resume: ["--continue"] },
    asked: { command: ["asked", "{prompt}", "--now"], plan: ["--plan-in", "{stateFile}"] },
    filed: { command: ["filed", "{promptFile}", "{unknown}"] },
  });
  const of = (id: string, plan: boolean, resume: boolean) =>
    argumentsOf(getProfile(profiles, id), { prompt: "do {stateFile}", plan, resume, files });
  const own = ["own", "--state=/w/STATE.md"];
  assert.deepEqual(of("own", false, false), [...own, "do {stateFile}"]);
  assert.deepEqual(of("own", true, false), [...own, "--read-only", "do {stateFile}"]);
  assert.deepEqual(of("own", true, true), [...own, "--read-only", "--continue", "do {stateFile}"]);
  assert.deepEqual(of("asked", true, true), ["asked", "do {stateFile}", "--now", "--plan-in", "/w/STATE.md"]);
  assert.deepEqual(of("opencode", false, true), ["opencode", "--prompt", "do {stateFile}"], "no session is known");
  const known = { prompt: "go on", plan: false, resume: true, files: { ...files, session: "ses_1" } };
  const resumed = ["opencode", "--prompt", "go on", "--session", "ses_1"];
  assert.deepEqual(argumentsOf(getProfile(profiles, "opencode"), known), resumed);
  assert.deepEqual(of("filed", false, true), ["filed", "/w/PROMPT.md", "{unknown}"]);
});
