import { basename } from "node:path";
import { PanopticonError } from "../../domain/error.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import type { AgentProfile } from "../../domain/work-settings.ts";

const silenceMs = 60_000;

/**
 * The built-in programs. Their flags: https://code.claude.com/docs/en/cli-reference, https://developers.openai.com/codex/cli/reference,
 * https://geminicli.com/docs/cli/cli-reference, https://opencode.ai/docs/cli.
 */
const builtIn: readonly AgentProfile[] = [
  {
    id: "claude",
    command: ["claude", "--mcp-config", "{mcpConfig}", "--settings", "{hooks}"],
    plan: [],
    resume: ["--continue"],
    env: [
      "ANTHROPIC_API_KEY",
      "ANTHROPIC_AUTH_TOKEN",
      "ANTHROPIC_BASE_URL",
      "ANTHROPIC_MODEL",
      "CLAUDE_CODE_OAUTH_TOKEN",
      "CLAUDE_CONFIG_DIR",
      "CLAUDE_CODE_USE_BEDROCK",
      "CLAUDE_CODE_USE_VERTEX",
      "AWS_PROFILE",
      "AWS_REGION",
      "GOOGLE_APPLICATION_CREDENTIALS",
    ],
    setEnv: {},
    silenceMs,
  },
  {
    id: "codex",
    command: [
      "codex",
      "-c",
      'notify=["{pan}","agent","signal","waiting"]',
      // Its notifier tells of the end of a turn only. What it asks in between it tells the terminal, even if that has the focus.
      "-c",
      "tui.notifications=true",
      "-c",
      'tui.notification_condition="always"',
      "-c",
      'tui.notification_method="osc9"',
      "-c",
      'mcp_servers.panopticon.command="{mcp}"',
    ],
    plan: [],
    resume: ["resume", "--last"],
    env: ["OPENAI_API_KEY", "OPENAI_BASE_URL", "CODEX_HOME", "CODEX_API_KEY"],
    setEnv: {},
    silenceMs,
  },
  {
    id: "gemini",
    command: ["gemini", "-i", "{prompt}"],
    plan: [],
    resume: ["-r", "latest"],
    env: [
      "GEMINI_API_KEY",
      "GEMINI_MODEL",
      "GOOGLE_API_KEY",
      "GOOGLE_GEMINI_BASE_URL",
      "GOOGLE_CLOUD_PROJECT",
      "GOOGLE_CLOUD_LOCATION",
      "GOOGLE_GENAI_USE_VERTEXAI",
      "GOOGLE_APPLICATION_CREDENTIALS",
    ],
    setEnv: { GEMINI_CLI_SYSTEM_DEFAULTS_PATH: "{gemini}" },
    silenceMs,
  },
  {
    id: "opencode",
    command: ["opencode", "--prompt", "{prompt}"],
    plan: [],
    resume: ["--session", "{session}"],
    env: ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY", "OPENCODE_CONFIG"],
    setEnv: {
      PANOPTICON_PROMPT_FILE: "{promptFile}",
      OPENCODE_CONFIG_CONTENT:
        '{"plugin":["file://{opencode}"],"mcp":{"panopticon":{"type":"local","command":["{mcp}"],"enabled":true}}}',
    },
    silenceMs,
  },
];

/** Whether a program is one of the built-in profiles', wherever it is installed. */
export function isBuiltInProgram(path: string): boolean {
  return builtIn.some(({ command }) => command[0] === basename(path));
}

/** All profiles: the built-in ones with the changes of config.yaml, and its own ones. An entry without a command is not a profile. */
export function allProfiles(
  configured: Readonly<Record<string, Partial<Omit<AgentProfile, "id">>>>,
): readonly AgentProfile[] {
  const changed = builtIn.map((profile) => ({ ...profile, ...configured[profile.id] }));
  const own = Object.entries(configured).flatMap(([id, entry]): readonly AgentProfile[] => {
    if (isBuiltIn(id) || entry.command === undefined) return [];
    const { command } = entry;
    return [{ plan: [], resume: null, env: [], setEnv: {}, silenceMs, ...entry, id, command }];
  });
  return [...changed, ...own];
}

export function isBuiltIn(id: string): boolean {
  return builtIn.some((profile) => profile.id === id);
}

/** Throws `invalid_input` with the nearest name. */
export function getProfile(profiles: readonly AgentProfile[], id: string): AgentProfile {
  const profile = profiles.find((one) => one.id === id);
  if (profile !== undefined) return profile;
  const names = profiles.map((one) => one.id);
  const near = nearestWord(id, names);
  throw new PanopticonError("invalid_input", `There is no agent called “${id}”.`, {
    hint:
      near === undefined
        ? `Available: ${names.join(", ")}; others go under agents: in config.yaml.`
        : `Did you mean “${near}”?`,
    candidates: near === undefined ? names : [near],
  });
}

export type ArgumentsFor = {
  readonly prompt: string;
  readonly plan: boolean;
  readonly resume: boolean;
  /** The values of the placeholders other than `{prompt}`. */
  readonly files: Readonly<Record<string, string>>;
};

/**
 * An agent's argument list. Every placeholder is replaced within its own argument; nothing is split. A program that resumes a session by its id starts a new one if
 * no id is known.
 */
export function argumentsOf(profile: AgentProfile, options: ArgumentsFor): readonly string[] {
  const values: Readonly<Record<string, string>> = { ...options.files, prompt: options.prompt };
  const template = [
    ...profile.command,
    ...(options.plan ? profile.plan : []),
    ...(options.resume ? resumeOf(profile, values) : []),
  ];
  const takesPrompt = template.some((argument) => /\{prompt(?:File)?\}/.test(argument));
  return [...template.map((argument) => fill(argument, values)), ...(takesPrompt ? [] : [options.prompt])];
}

function resumeOf({ resume }: AgentProfile, values: Readonly<Record<string, string>>): readonly string[] {
  const needsId = (resume ?? []).some((argument) => argument.includes("{session}"));
  return needsId && values["session"] === undefined ? [] : (resume ?? []);
}

export function environmentOf(profile: AgentProfile, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(profile.setEnv).map(([name, value]) => [name, fill(value, files)]));
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
