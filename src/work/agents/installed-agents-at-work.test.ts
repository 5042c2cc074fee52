import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type ScriptedModel, startScriptedModel } from "../../../emulators/agent/scripted-model.ts";
import { type AgentBench, makeAgentBench } from "../../../test/support/agent-bench.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually } from "../../../test/support/stage.ts";
import { findProgram } from "../process/find-program.ts";

// The built-in agents themselves, if they are installed, with a model that runs what it is told. What is asserted of their screens elsewhere was seen here.

// OpenCode first asks the network for its models.
const limit = { timeout: 300_000 };
const key = "sk-ant-api03-scripted-scripted-scripted";

let folder: string;
let model: ScriptedModel;
let bench: AgentBench;
const former = { ...process.env };
before(async () => {
  // Gemini reads no settings below a folder that others can write, such as /tmp.
  folder = realpathSync(mkdtempSync(join(homedir(), ".pan-installed-agents-")));
  model = await startScriptedModel();
  Object.assign(process.env, {
    HOME: folder,
    TMPDIR: folder,
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: model.url,
    CLAUDE_CONFIG_DIR: join(folder, "claude"),
    CODEX_HOME: join(folder, "codex"),
    GEMINI_API_KEY: key,
    // Not the model that is to choose a model: that one would have to be asked.
    GEMINI_MODEL: "gemini-2.5-flash",
    GOOGLE_GEMINI_BASE_URL: model.url,
    OPENCODE_CONFIG: join(folder, "opencode", "opencode.json"),
  });
  bench = await makeAgentBench();
  const path = bench.checkout;
  const write = (place: string, name: string, text: string) => {
    mkdirSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, place, name), text);
  };
  // As after their first start in the checkout.
  const claude = {
    hasCompletedOnboarding: true,
    hasSeenAutoDefaultNotice: true,
    hasSeenAutoDefaultNudge: true,
    customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    projects: { [path]: { hasTrustDialogAccepted: true } },
  };
  write("claude", ".claude.json", JSON.stringify(claude));
  write("claude", "settings.json", JSON.stringify({ permissions: { defaultMode: "default" } }));
  write("codex", "auth.json", JSON.stringify({ auth_mode: "apikey", OPENAI_API_KEY: key }));
  const trust = `[projects.${JSON.stringify(path)}]\ntrust_level = "trusted"\n`;
  write("codex", "config.toml", `openai_base_url = "${model.url}/v1"\nmodel = "gpt-5"\n${trust}`);
  write(".gemini", "settings.json", JSON.stringify({ security: { auth: { selectedType: "gemini-api-key" } } }));
  write(".gemini", "trustedFolders.json", JSON.stringify({ [folder]: "TRUST_FOLDER" }));
  const anthropic = { options: { baseURL: `${model.url}/v1`, apiKey: key } };
  const opencode = { model: "anthropic/claude-sonnet-4-5", provider: { anthropic }, permission: { bash: "ask" } };
  write("opencode", "opencode.json", JSON.stringify(opencode));
});
after(async () => {
  await bench.close();
  await model.close();
  for (const name of Object.keys(process.env)) if (!(name in former)) delete process.env[name];
  Object.assign(process.env, former);
  rmSync(folder, { recursive: true, force: true });
});

for (const [index, name] of ["claude", "codex", "gemini", "opencode"].entries()) {
  const skip = findProgram(name, process.env["PATH"] ?? "", "/") === null ? `${name} is not installed` : false;

  test(`${name} asks, is answered, and ends its turn`, { ...limit, skip }, async () => {
    const run = `touch made-by-${name}`;
    const agent = await bench.begin(index + 1, [`run: ${run}`], { name });
    const { id } = agent;
    const file = join(await bench.pathOf(agent), `made-by-${name}`);
    /** Waits for a question with options. */
    const asked = () =>
      eventually(
        async () => {
          const { state, choices = [] } = await bench.agents.get(id);
          return state === "waiting" && choices.length > 1 ? true : undefined;
        },
        `${name} asks whether it may run it`,
        { describe: async () => [await bench.agents.get(id), await bench.agents.screen(id)], timeoutMs: 120_000 },
      );
    const answered = async () => {
      const { state, choices = [] } = await bench.agents.get(id);
      return state === "waiting" && choices.length === 0;
    };
    await asked();
    await assert.rejects(bench.agents.message(id, "No, rather not"), { code: "conflict" });
    await bench.agents.message(id, "no");
    // OpenCode strikes the command out, and its turn is over; the others have words for it.
    if (name === "opencode") await eventually(async () => (await answered()) || undefined, "its turn is over");
    else await bench.untilScreen(id, /interrupted|cancell?ed/i);
    assert.ok(!existsSync(file));

    await bench.agents.message(id, `run: ${run}`);
    await asked();
    await bench.agents.message(id, "yes");
    await eventually(
      async () => ((await bench.agents.get(id)).reason === model.lastWords ? true : undefined),
      `${name} ends its turn`,
      { describe: async () => [await bench.agents.get(id), await bench.agents.screen(id)] },
    );
    assert.equal((await bench.agents.get(id)).state, "waiting");
    assert.ok(existsSync(file));
    await bench.agents.stop(id);
  });
}
