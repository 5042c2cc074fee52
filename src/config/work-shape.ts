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

/** `30s`, `5m`, `1h`, parsed to milliseconds. */
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

/** What is wrong with a path as written by a user; null if nothing. */
export function checkPath(value: string): string | null {
  return /^(~($|[\\/])|\/|[A-Za-z]:[\\/])/.test(value) ? null : "must be an absolute path, or start with ~/";
}

/** A file inside the checkout. */
function checkCopied(value: string): string | null {
  return value.startsWith("/") || value.split(/[\\/]/).includes("..") ? "must lie inside the checkout" : null;
}

const workspaceKeys = record(
  {
    root: text({ description: "The folder for the project's workspaces.", check: checkPath }),
    branch: text({ description: "The branch name of a workspace; may contain {ref}, {slug} and {project}." }),
    copy: oneOrMany(
      text({
        description: "Files copied from the checkout into a new workspace; * matches part of a name.",
        check: checkCopied,
      }),
    ),
    setup: command("Commands run in a new workspace."),
    before_run: command("Commands run before an agent starts; if one fails, the agent does not start."),
    after_run: command("Commands run after an agent has ended."),
    before_remove: command("Commands run before a workspace is removed."),
    timeout: interval('How long each command may take: "60s" (the default), "10m".'),
  },
  "How this project's workspaces are created.",
);

/** `workspace:` of a project. The caller expands `~` in the root. */
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

/** Completes the settings with the defaults. */
export function completeWorkspace(
  written: Partial<WorkspaceSettings> | undefined,
  expand: (path: string) => string,
): WorkspaceSettings {
  const settings = { ...defaultWorkSettings.workspace, ...written };
  return { ...settings, root: settings.root === null ? null : expand(settings.root) };
}

/** Finished statuses start nothing. */
const startable = statuses.filter((status) => !isFinished(status));

const dispatchKeys = record(
  {
    when: record(
      {
        status: oneOrMany(word(startable, "The status an issue must have to start; finished issues never start.")),
        labels: oneOrMany(text({ description: "A label the issue must have." })),
        assignee: oneOrMany(text({ description: "The assignee the issue must have: a login, me or none." })),
        project: oneOrMany(text({ description: "Only issues of this project." })),
      },
      "Which issues start an agent; all conditions must hold.",
    ),
    agent: text({ description: "The agent to start; default: the project's." }),
    limit: record(
      {
        total: integer("Maximum number of agents running at once.", 1, 100),
        per_status: record(
          Object.fromEntries(statuses.map((status) => [status, integer(`For issues in ${status}.`, 0, 100)])),
          "Maximum number of agents running at once, by issue status.",
        ),
      },
      "How many agents may run at once.",
    ),
    retries: record(
      {
        backoff: interval("The wait after the first failure; it doubles with each."),
        cap: interval("The longest wait."),
        attempts: integer("Failures in a row before dispatch stops retrying.", 1, 100),
      },
      "How failures are retried.",
    ),
    stall: interval("An agent without a sign of life for this long is restarted."),
    turns: integer("How many times a clean exit is followed by another turn.", 1, 1000),
    cost: record(
      {
        per_issue: integer("Limit in US dollars per issue; after that, the issue gets no more turns.", 1, 1_000_000),
        per_day: integer("Limit in US dollars per day; after that, no turn starts that day.", 1, 1_000_000),
      },
      "Spending limits, for agents that report their cost.",
    ),
    tokens: record(
      {
        per_issue: integer(
          "Limit in tokens per issue; after that, the issue gets no more turns.",
          1,
          1_000_000_000_000,
        ),
        per_day: integer("Limit in tokens per day; after that, no turn starts that day.", 1, 1_000_000_000_000),
      },
      "Token limits, for agents that report their usage.",
    ),
  },
  "Which issues start an agent automatically; default: none.",
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
        '"dispatch" starts an agent on every issue with these statuses, whoever it is assigned to',
        "Add `labels`, `assignee` or `project` under `when`.",
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
    resume: command("Arguments added to resume the previous session."),
    env: oneOrMany(
      text({ description: "An environment variable passed to the agent in addition to the common ones." }),
    ),
    set_env: mapOf(text({ description: "A variable's value." }), {
      description: "Environment variables and the values passed to the agent.",
    }),
    silence: interval('After this long without output, the agent counts as waiting for input: "30s".'),
  },
  "A program that works on issues.",
);

/** `agents:` of config.yaml: new profiles, and changes of built-in ones. */
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
    description: "Profiles of coding agents: changes to built-in ones, and new ones.",
    checkKey: (key) =>
      /^[a-z0-9][a-z0-9_-]{0,31}$/.test(key)
        ? null
        : "is not a valid agent name: use lowercase letters, digits, hyphens and underscores",
    keySchema: { pattern: "^[a-z0-9][a-z0-9_-]{0,31}$" },
  },
);
