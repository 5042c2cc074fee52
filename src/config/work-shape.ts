import { isFinished, statuses } from "../domain/status.ts";
import {
  defaultWorkSettings,
  type AgentProfile,
  type DispatchRules,
  isForEverything,
  type WorkspaceSettings,
} from "../domain/work-settings.ts";
import { intervalPattern, parseInterval } from "./duration.ts";
import { integer, mapOf, oneOrMany, record, text, word, type Shape } from "./shape.ts";

/** `30s`, `5m`, `1h`, read as milliseconds. */
function interval(description: string): Shape<number> {
  const written = text({
    description,
    check: (value) => (parseInterval(value) === undefined ? 'must be like "30s", "2m" or "1h"' : null),
    schema: { type: "string", pattern: intervalPattern },
  });
  return {
    schema: written.schema,
    read(node, source, at) {
      const value = written.read(node, source, at);
      return value === undefined ? undefined : parseInterval(value);
    },
  };
}

const command = (description: string) => oneOrMany(text({ description }));

/** What is wrong with a path as a user writes it; null: nothing. */
export function checkPath(value: string): string | null {
  return /^(~($|[\\/])|\/|[A-Za-z]:[\\/])/.test(value) ? null : "must be an absolute path, or begin with ~/";
}

/** A file of the checkout: never one outside of it. */
function checkCopied(value: string): string | null {
  return value.startsWith("/") || value.split(/[\\/]/).includes("..") ? "must lie inside the checkout" : null;
}

const workspaceKeys = record(
  {
    root: text({ description: "The folder of the project's workspaces.", check: checkPath }),
    branch: text({ description: "Name of a workspace's branch, with {ref}, {slug} and {project}." }),
    copy: oneOrMany(
      text({
        description: "Files copied from the checkout into a new workspace; * for a part of a name.",
        check: checkCopied,
      }),
    ),
    setup: command("Commands run in a new workspace."),
    before_run: command("Commands run before an agent starts; one that fails keeps it from starting."),
    after_run: command("Commands run after an agent has ended."),
    before_remove: command("Commands run before a workspace is removed."),
    timeout: interval('How long each command may take: "60s" (the default), "10m".'),
  },
  "How workspaces of this project are made.",
);

/** `workspace:` of a project. `~` in the root is for the caller to expand. */
export const workspaceShape: Shape<Partial<WorkspaceSettings>> = {
  schema: workspaceKeys.schema,
  read(node, source, at) {
    const values = workspaceKeys.read(node, source, at);
    if (values === undefined) return undefined;
    return {
      ...(values.root !== undefined && { root: values.root }),
      ...(values.branch !== undefined && { branch: values.branch }),
      ...(values.copy !== undefined && { copy: values.copy }),
      ...(values.setup !== undefined && { setup: values.setup }),
      ...(values.before_run !== undefined && { beforeRun: values.before_run }),
      ...(values.after_run !== undefined && { afterRun: values.after_run }),
      ...(values.before_remove !== undefined && { beforeRemove: values.before_remove }),
      ...(values.timeout !== undefined && { timeoutMs: values.timeout }),
    };
  },
};

/** The settings with what is not written taken from the defaults. */
export function completeWorkspace(
  written: Partial<WorkspaceSettings> | undefined,
  expand: (path: string) => string,
): WorkspaceSettings {
  const settings = { ...defaultWorkSettings.workspace, ...written };
  return { ...settings, root: settings.root === null ? null : expand(settings.root) };
}

/** What is finished starts nothing. */
const startable = statuses.filter((status) => !isFinished(status));

const dispatchKeys = record(
  {
    when: record(
      {
        status: oneOrMany(word(startable, "The status of an issue that may start; what is finished never does.")),
        labels: oneOrMany(text({ description: "A label that an issue must have." })),
        assignee: oneOrMany(text({ description: "Whose issues: a login, me or none." })),
        project: oneOrMany(text({ description: "Only issues of this project." })),
      },
      "What may start an agent; all of it must hold.",
    ),
    agent: text({ description: "The agent that starts; default: the project's." }),
    limit: record(
      {
        total: integer("Agents at work at once.", 1, 100),
        per_status: record(
          Object.fromEntries(statuses.map((status) => [status, integer(`Of issues that are ${status}.`, 0, 100)])),
          "Agents at work at once on issues of one status.",
        ),
      },
      "How many agents may work at once.",
    ),
    retries: record(
      {
        backoff: interval("The wait after the first failure; it doubles with each."),
        cap: interval("The longest wait."),
        attempts: integer("Failures in a row before it is given up.", 1, 100),
      },
      "What follows a failure.",
    ),
    stall: interval("Without a sign of life for so long an agent is stopped and started again."),
    turns: integer("How often a clean exit is followed by another turn.", 1, 1000),
    cost: record(
      {
        per_issue: integer("US dollars after which an issue gets no further turn.", 1, 1_000_000),
        per_day: integer("US dollars after which no turn begins that day.", 1, 1_000_000),
      },
      "Ends new turns, where agents report what they cost.",
    ),
    tokens: record(
      {
        per_issue: integer("Tokens after which an issue gets no further turn.", 1, 1_000_000_000_000),
        per_day: integer("Tokens after which no turn begins that day.", 1, 1_000_000_000_000),
      },
      "Ends new turns, where agents report what they use.",
    ),
  },
  "Which issues start an agent by themselves; absent: none.",
);

/** `dispatch:` of projects.yaml, completed. */
export const dispatchShape: Shape<DispatchRules> = {
  schema: dispatchKeys.schema,
  read(node, source, at) {
    const values = dispatchKeys.read(node, source, at);
    if (values === undefined) return undefined;
    const { limit, retries, cost, tokens } = values;
    const when = {
      status: values.when?.status ?? (["backlog", "planning"] as const),
      labels: values.when?.labels ?? [],
      assignee: values.when?.assignee ?? [],
      project: values.when?.project ?? [],
    };
    if (isForEverything(when)) {
      source.report(
        "warning",
        at.offset,
        '"dispatch" starts an agent on every issue of these statuses, whosever it is',
        "Name `labels`, `assignee` or `project` under `when`.",
      );
    }
    return {
      when,
      agent: values.agent ?? null,
      limit: { total: limit?.total ?? 4, perStatus: limit?.per_status ?? {} },
      retries: {
        backoffMs: retries?.backoff ?? 10_000,
        capMs: retries?.cap ?? 300_000,
        attempts: retries?.attempts ?? 5,
      },
      stallMs: values.stall ?? 300_000,
      turns: values.turns ?? 20,
      cost: { perIssue: cost?.per_issue ?? null, perDay: cost?.per_day ?? null },
      tokens: { perIssue: tokens?.per_issue ?? null, perDay: tokens?.per_day ?? null },
    };
  },
};

export type AgentEntry = Partial<Omit<AgentProfile, "id">>;

const profileKeys = record(
  {
    command: command(
      "The program and its arguments; {prompt}, {promptFile}, {stateFile}, {mcpConfig} and {mcp} are filled in. Without a {prompt} the prompt is the last argument.",
    ),
    plan: command("Arguments added for a planning session."),
    resume: command("Arguments added to go on with the session that was."),
    env: oneOrMany(text({ description: "An environment variable that the agent gets besides the common ones." })),
    set_env: mapOf(text({ description: "A variable's value." }), {
      description: "Variables with the values that the agent gets.",
    }),
    silence: interval('Without output for so long it is taken to wait for input: "30s".'),
  },
  "A program that works on issues.",
);

/** `agents:` of config.yaml: new profiles, and what is different of built-in ones. */
export const agentsShape = mapOf<AgentEntry>(
  {
    schema: profileKeys.schema,
    read(node, source, at) {
      const values = profileKeys.read(node, source, at);
      if (values === undefined) return undefined;
      return {
        ...(values.command !== undefined && { command: values.command }),
        ...(values.plan !== undefined && { plan: values.plan }),
        ...(values.resume !== undefined && { resume: values.resume }),
        ...(values.env !== undefined && { env: values.env }),
        ...(values.set_env !== undefined && {
          setEnv: Object.fromEntries([...values.set_env].map(([name, { value }]) => [name, value])),
        }),
        ...(values.silence !== undefined && { silenceMs: values.silence }),
      };
    },
  },
  {
    description: "Profiles of coding agents: changes to the built-in ones, and others.",
    checkKey: (key) =>
      /^[a-z0-9][a-z0-9_-]{0,31}$/.test(key)
        ? null
        : "cannot name an agent: small letters, digits, hyphens and underscores",
    keySchema: { pattern: "^[a-z0-9][a-z0-9_-]{0,31}$" },
  },
);
