import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually } from "../../../test/support/stage.ts";
import { systemClock } from "../../domain/clock.ts";
import { findProgram } from "../process/find-program.ts";
import { runProgram } from "../process/run-program.ts";
import { geminiSettings, mcpServers } from "./agent-configuration.ts";
import { createProfileFinder } from "./find-profiles.ts";
import { opencodePlugin } from "./opencode-plugin.ts";
import { allProfiles, argumentsOf, environmentOf } from "./profiles.ts";

/** The real programs of the built-in profiles, if installed. None gets a prompt, and each has its own home: nothing is sent to a model. */
const limit = { timeout: 120_000 };
const timeoutMs = 60_000;
const programs = process.env["PATH"] ?? "";

/** The commands that list a program's MCP servers; claude does not list those given as arguments. */
const listsServers: Readonly<Record<string, readonly string[]>> = {
  codex: ["mcp", "list"],
  gemini: ["mcp", "list"],
  opencode: ["mcp", "list"],
};

let folder: string;
let env: Record<string, string>;

before(() => {
  // Gemini reads no settings below a folder that others can write, such as /tmp.
  folder = realpathSync(mkdtempSync(join(process.getuid?.() === undefined ? tmpdir() : homedir(), ".pan-installed-")));
  const home = join(folder, "home");
  mkdirSync(join(home, ".codex"), { recursive: true });
  env = { HOME: home, PATH: [join(folder, "bin"), programs].join(delimiter), TERM: "dumb" };
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function ask(program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const { stdout, stderr } = await runProgram(program, args, { cwd: folder, env: { ...env, ...more }, timeoutMs });
  return `${stdout}\n${stderr}`;
}

for (const profile of allProfiles({})) {
  const { id } = profile;
  const [name = ""] = profile.command;
  const program = findProgram(name, programs, "/");
  const skip = program === null ? `${name} is not installed` : false;

  test(
    `${id}: the installed program reports its version and has the flags of its profile`,
    { ...limit, skip },
    async () => {
      const find = createProfileFinder({ profiles: () => [profile], env, secret: new Set(), clock: systemClock });
      const version = await eventually(
        async () => (await find())[0]?.version ?? undefined,
        `${name} tells its version`,
      );
      assert.match(version, /\d+\.\d+/);
      const isFlag = (argument: string) => argument.startsWith("-");
      const [subcommand] = (profile.resume ?? []).filter(
        (argument) => /^[a-z]+$/.test(argument) && argument !== "latest",
      );
      const help = await ask(name, ["--help"]);
      for (const flag of profile.command.filter(isFlag)) assert.match(help, new RegExp(`(^|[\\s,])${flag}\\b`, "m"));
      const resuming = subcommand === undefined ? help : await ask(name, [subcommand, "--help"]);
      for (const flag of (profile.resume ?? []).filter(isFlag)) {
        assert.match(resuming, new RegExp(`(^|[\\s,])${flag}\\b`, "m"));
      }
    },
  );

  const list = listsServers[id];
  if (list === undefined) continue;
  test(
    `${id}: the installed program accepts Panopticon's MCP server from its profile`,
    { ...limit, skip },
    async () => {
      const files = {
        mcpConfig: join(folder, "mcp.json"),
        mcp: join(folder, "mcp"),
        pan: join(folder, "pan"),
        hooks: join(folder, "hooks.json"),
        gemini: join(folder, "gemini.json"),
        opencode: join(folder, "opencode.js"),
      };
      writeFileSync(files.mcp, "#!/bin/sh\nexec sleep 1\n", { mode: 0o700 });
      writeFileSync(files.mcpConfig, JSON.stringify(mcpServers(files.mcp)), { mode: 0o600 });
      writeFileSync(files.gemini, JSON.stringify(geminiSettings(files.mcp)), { mode: 0o600 });
      writeFileSync(files.opencode, opencodePlugin);
      // Without the arguments that start a session, because this calls another command of the same program.
      const template = {
        ...profile,
        command: profile.command.filter((one, at, all) => ![one, all[at + 1]].includes("{prompt}")),
      };
      const [, ...args] = argumentsOf(template, { prompt: "mcp", plan: false, resume: false, files });
      const told = await ask(name, [...args.slice(0, -1), ...list], environmentOf(profile, files));
      assert.match(told, /panopticon/);
    },
  );
}
