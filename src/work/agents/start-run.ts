import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Agent } from "../../domain/agent.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { AgentProfile } from "../../domain/work-settings.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { findProgram } from "../process/find-program.ts";
import { placeScript } from "../process/place-script.ts";
import { readOptional } from "../read-optional.ts";
import { writeOwnFile } from "../state/own-folder.ts";
import { type IssueText, stateFile, writeState } from "../state/state-file.ts";
import { workspaceEnvironment } from "../workspaces/workspace-environment.ts";
import { type AgentFiles, agentFiles, agentFolder } from "./agent-files.ts";
import { claudeSettings, geminiSettings, mcpServers } from "./agent-configuration.ts";
import type { AgentParts } from "./agent-parts.ts";
import { markOfRun } from "./end-run.ts";
import { opencodePlugin } from "./opencode-plugin.ts";
import { argumentsOf, environmentOf } from "./profiles.ts";
import { writePrompt } from "./prompt.ts";
import { runScript } from "./run-script.ts";

/** In bytes. Linux accepts no argument longer than 128 KiB, including what surrounds the prompt. */
const longestPrompt = 100_000;

const promptName = "PROMPT.md";

export type RunFor = {
  readonly agent: Agent;
  readonly profile: AgentProfile;
  readonly workspace: Workspace;
  /** For STATE.md; null if it is no longer mirrored. */
  readonly issue: IssueText | null;
  readonly resume: boolean;
};

/** Writes everything that a run needs to disk, and starts it in tmux. Throws `not_found` for a missing program. */
export async function startRun(parts: AgentParts, { agent, profile, workspace, issue, resume }: RunFor): Promise<void> {
  const folder = agentFolder(parts.home, agent.id);
  const files = agentFiles(folder);
  const env = workspaceEnvironment(parts, workspace, profile.env);
  const bin = writePanCommand(parts);
  const path = [bin, env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"].join(delimiter);
  const [program = ""] = profile.command;
  checkProgram(program, path, workspace.path);

  if (issue !== null) writeState(workspace.path, issue);

  const prompt = writePrompt({ workspace, plan: agent.plan, resume, asked: agent.prompt });
  // In the workspace, because some agents may read nothing else without asking, or see nothing else.
  const promptFile = writeOwnFile(workspace.path, promptName, prompt);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  files.forgetExit();
  const placed = {
    promptFile,
    stateFile: stateFile(workspace.path),
    mcpConfig: files.file("mcp.json"),
    hooks: files.file("hooks.json"),
    gemini: files.file("gemini.json"),
    opencode: files.file("opencode.js"),
    pan: join(bin, "pan"),
    mcp: files.file("mcp"),
  };
  const own = { PANOPTICON_AGENT: String(agent.id), PANOPTICON_AGENT_DIR: folder };
  const [mark, run] = markOfRun(parts.home, agent);
  const home = env["PANOPTICON_HOME"];
  writeMcpCommand(placed, { ...own, ...(home !== undefined && { PANOPTICON_HOME: home }) });
  for (const [file, text] of [
    [placed.mcpConfig, JSON.stringify(mcpServers(placed.mcp))],
    [placed.hooks, JSON.stringify(claudeSettings())],
    [placed.gemini, JSON.stringify(geminiSettings(placed.mcp))],
    [placed.opencode, opencodePlugin],
  ] as const) {
    writeFileSync(file, text, { mode: 0o600 });
  }
  const isLong = Buffer.byteLength(prompt) > longestPrompt;
  const short = isLong ? `Read the file .panopticon/${promptName} to its end and do what it asks.` : prompt;
  files.writeRun({
    argv: argumentsOf(profile, { prompt: short, plan: agent.plan, resume, files: { ...placed, ...sessionOf(files) } }),
    cwd: workspace.path,
    env: {
      ...env,
      ...environmentOf(profile, placed),
      PATH: path,
      ...own,
      [mark]: run,
    },
  });
  await parts.tmux.start({
    name: agent.session,
    command: ["/bin/sh", writeRunScript(parts), folder],
    log: files.log,
  });
}

function writeRunScript({ home }: AgentParts): string {
  const file = join(home, "work", "run-agent.sh");
  placeScript(file, runScript);
  return file;
}

/** The id of the session that an agent's plugin has told. The agent can write anything there. */
function sessionOf(files: AgentFiles): { readonly session?: string } {
  const session = readOptional(files.file("session")) ?? "";
  return /^\w{1,100}$/.test(session) ? { session } : {};
}

/** Creates a command `pan` for the agents' PATH, however Panopticon was started. */
function writePanCommand({ home, pan }: AgentParts): string {
  const bin = join(home, "work", "bin");
  const file = join(bin, "pan");
  const words = pan.map(quoted).join(" ");
  placeScript(file, `#!/bin/sh\nexec ${words} "$@"\n`);
  return bin;
}

/** The agent's own MCP server as one program. It contains the agent's identity, because some agents pass only a part of the environment to their servers. */
function writeMcpCommand({ mcp, pan }: { mcp: string; pan: string }, env: Readonly<Record<string, string>>): void {
  const variables = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  placeScript(mcp, `#!/bin/sh\n${variables.join("")}exec ${quoted(pan)} mcp\n`);
}

/** Quotes a word for the shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Reports a missing program before anything is started. */
function checkProgram(program: string, path: string, cwd: string): void {
  if (findProgram(program, path, cwd) !== null) return;
  throw new PanopticonError("not_found", `The agent's program ${program} is not installed.`, {
    hint: "Install it, or name another agent: --agent, agent: in projects.yaml, agents: in config.yaml.",
  });
}

/** Removes what a run left behind that the next one must not find. */
export function clearRun(parts: AgentParts, agentId: number): void {
  const files = agentFiles(agentFolder(parts.home, agentId));
  files.forgetExit();
  rmSync(files.screen, { force: true });
}
