import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { type AgentBench, makeAgentBench } from "../../../test/support/agent-bench.ts";
import { after, before } from "../../../test/support/hooks.ts";

const limit = { timeout: 60_000 };

/** Runs its hooks like Claude Code: the commands of `--settings` in a shell, with the event on standard input. Each input line is the name of an event. */
const claude = `
const { readFileSync } = require("node:fs");
const { execFileSync } = require("node:child_process");
const settings = JSON.parse(readFileSync(process.argv[process.argv.indexOf("--settings") + 1], "utf8"));
const details = {
  PermissionRequest: { tool_name: "Bash", tool_input: { command: "npm test", description: "Run the tests" } },
  Notification: { message: "Claude needs your permission", notification_type: "permission_prompt" },
  Stop: { last_assistant_message: "Done. Anything else?" },
};
require("node:readline").createInterface({ input: process.stdin }).on("line", (event) => {
  for (const { hooks } of settings.hooks[event.trim()] ?? [])
    for (const { command } of hooks)
      execFileSync("sh", ["-c", command], { input: JSON.stringify({ hook_event_name: event.trim(), ...details[event.trim()] }) });
});
`;

/** Calls its notifier like Codex at the end of a turn: the program of `notify`, with the event as its last argument. */
const codex = `
const { execFileSync } = require("node:child_process");
const notify = process.argv.find((argument) => argument.startsWith("notify=")).slice("notify=".length);
const [program, ...args] = JSON.parse(notify);
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  execFileSync(program, [...args, JSON.stringify({ type: "agent-turn-complete", "last-assistant-message": line.trim() })]);
});
`;

/** Runs its hooks like Gemini: those of its settings file, with the event on standard input. */
const gemini = `
const { readFileSync } = require("node:fs");
const { execFileSync } = require("node:child_process");
const { hooks } = JSON.parse(readFileSync(process.env.GEMINI_CLI_SYSTEM_DEFAULTS_PATH, "utf8"));
const details = {
  Notification: { notification_type: "ToolPermission", message: "Tool Confirm Shell Command requires execution", details: { type: "exec", command: "npm test" } },
  AfterAgent: { prompt: "script:", prompt_response: "Done. Anything else?" },
};
require("node:readline").createInterface({ input: process.stdin }).on("line", (event) => {
  for (const { hooks: commands } of hooks[event.trim()])
    for (const { command } of commands)
      execFileSync("sh", ["-c", command], { input: JSON.stringify({ hook_event_name: event.trim(), ...details[event.trim()] }) });
});
`;

/** Loads its plugins like OpenCode. Each input line is an event in JSON. */
const opencode = `
const promptAsync = async ({ path: { id }, body: { parts: [{ text }] } }) => (console.log("asked " + id + ": " + text), {});
const client = { session: { promptAsync } };
const { plugin: [url] } = JSON.parse(process.env.OPENCODE_CONFIG_CONTENT);
const loaded = require("node:fs").readFileSync(new URL(url), "utf8");
const hooks = import("data:text/javascript," + encodeURIComponent(loaded)).then(({ Panopticon }) => Panopticon({ client }));
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [type, properties] = line.split(/ (.*)/);
  hooks.then(({ event }) => event({ event: { type, properties: JSON.parse(properties) } }));
});
`;

let folder: string;
let bench: AgentBench;
const path = process.env["PATH"];
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "pan-hooks-"));
  for (const [name, text] of Object.entries({ claude, codex, gemini, opencode })) {
    writeFileSync(join(folder, name), `#!${process.execPath}\n${text}`);
    chmodSync(join(folder, name), 0o755);
  }
  process.env["PATH"] = [folder, path].join(delimiter);
  bench = await makeAgentBench();
});
after(async () => {
  process.env["PATH"] = path;
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

test("Claude Code reports through its hooks that it waits, and that it continues", limit, async () => {
  const { id, session } = await bench.begin(1, [], { name: "claude" });
  const { tmux } = bench.agentParts;
  for (const [event, state, reason] of [
    ["PermissionRequest", "waiting", "May it use Bash? npm test"],
    ["UserPromptSubmit", "running", null],
    ["Notification", "waiting", null],
    ["UserPromptSubmit", "running", null],
    ["Stop", "waiting", "Done. Anything else?"],
  ] as const) {
    await tmux.say(session, event);
    assert.equal((await bench.until(id, state)).reason, reason);
  }
  await bench.agents.stop(id);
});

test("Codex reports through its notifier that its turn is over, and its message", limit, async () => {
  const { id, session } = await bench.begin(2, [], { name: "codex" });
  await bench.agentParts.tmux.say(session, "Shall I?");
  assert.equal((await bench.until(id, "waiting")).reason, "Shall I?");
  await bench.agents.stop(id);
});

test("Gemini reports through its hooks that it waits, and that it continues", limit, async () => {
  const { id, session } = await bench.begin(3, [], { name: "gemini" });
  for (const [event, state, reason] of [
    ["Notification", "waiting", "May it run a command? npm test"],
    ["BeforeAgent", "running", null],
    ["AfterAgent", "waiting", "Done. Anything else?"],
  ] as const) {
    await bench.agentParts.tmux.say(session, event);
    assert.equal((await bench.until(id, state)).reason, reason);
  }
  await bench.agents.stop(id);
});

test("OpenCode reports through its plugin that it waits, that it continues, and its usage", limit, async () => {
  const { id, session } = await bench.begin(4, [], { name: "opencode" });
  const tell = (type: string, properties: object) =>
    bench.agentParts.tmux.say(session, `${type} ${JSON.stringify({ sessionID: "one", ...properties })}`);
  const tokens = { input: 10, output: 5, reasoning: 0, cache: { read: 100, write: 0 } };
  await tell("session.created", { info: { id: "one" } });
  await tell("session.created", { info: { id: "two", parentID: "one", cost: 1, tokens } });
  await tell("session.updated", { info: { id: "one", cost: 0.25, tokens } });
  await tell("permission.asked", { permission: "bash", patterns: ["npm test"], metadata: { command: "npm test" } });
  const { reason, cost, tokens: used } = await bench.until(id, "waiting");
  assert.deepEqual([reason, cost, used], ["May it use bash? npm test", 0.25, 115]);
  await tell("permission.replied", {});
  assert.equal((await bench.until(id, "running")).reason, null);
  await tell("message.part.updated", { part: { type: "text", sessionID: "one", text: "Done. Anything else?" } });
  await tell("message.part.updated", { part: { type: "text", sessionID: "two", text: "of a subagent" } });
  await tell("message.updated", { info: { id: "m", role: "user" } });
  await tell("message.part.updated", { part: { type: "text", sessionID: "one", messageID: "m", text: "of the user" } });
  await tell("session.status", { status: { type: "busy" } });
  await tell("session.idle", { sessionID: "two" });
  await tell("session.idle", {});
  assert.equal((await bench.until(id, "waiting")).reason, "Done. Anything else?");
  await tell("session.status", { status: { type: "busy" } });
  await bench.until(id, "running");
  await tell("question.asked", { questions: [{ question: "Which colour?" }] });
  assert.equal((await bench.until(id, "waiting")).reason, "Which colour?");
  await bench.agents.stop(id);

  // The newest session of the repository may be another worktree's; and OpenCode ignores a prompt beside a session.
  await bench.agents.resume(id, { prompt: "Use blue." });
  await bench.untilScreen(id, /asked one: Go on with .*Use blue\./s);
  await bench.agents.stop(id);
});
