import { join } from "node:path";
import type { Agent, AgentState } from "../../src/domain/agent.ts";
import type { AgentProfile } from "../../src/domain/work-settings.ts";
import type { AgentParts } from "../../src/work/agents/agent-parts.ts";
import type { Agents } from "../../src/work/agents/agents.ts";
import { createAgents } from "../../src/work/agents/create-agents.ts";
import { allProfiles } from "../../src/work/agents/profiles.ts";
import type { IssueText } from "../../src/work/state/state-file.ts";
import { createTmux } from "../../src/work/tmux/tmux.ts";
import { createWorkspaces, type Workspaces } from "../../src/work/workspaces/workspaces.ts";
import { eventually } from "./stage.ts";
import { makeWorkbench, type Workbench } from "./workbench.ts";

/** How to run `pan` in a checkout; `npm test` passes the bundle it built. */
export const panCommand: readonly string[] = [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  process.env["PAN_UNDER_TEST"] ?? join(import.meta.dirname, "..", "..", "src", "cli", "main.ts"),
];

/** The scripted agent, which needs no model, as in config.yaml. */
export const scripted: Omit<AgentProfile, "id"> = {
  command: [...panCommand, "agent", "scripted", "{prompt}"],
  plan: [],
  resume: [],
  env: [],
  setEnv: {},
  silenceMs: null,
};

export type AgentBench = Workbench & {
  readonly agentParts: AgentParts;
  readonly workspaces: Workspaces;
  readonly agents: Agents;
  /** A new server on the same data, as after a restart. */
  restart(): Promise<Agents>;
  /** Starts the scripted agent with a script on a new issue. */
  begin(number: number, script: readonly string[], options?: { plan?: boolean; name?: string }): Promise<Agent>;
  /** The folder of its workspace. */
  pathOf(agent: Pick<Agent, "workspaceId">): Promise<string>;
  /** Waits until the agent is in one of these states. */
  until(id: number, ...states: AgentState[]): Promise<Agent>;
  /** Waits until its terminal matches. */
  untilScreen(id: number, pattern: RegExp): Promise<string>;
};

export async function makeAgentBench(
  profiles: Readonly<Record<string, Omit<AgentProfile, "id">>> = {},
): Promise<AgentBench> {
  const bench = await makeWorkbench();
  const { home } = bench;
  const env = bench.parts.env;
  const agentParts: AgentParts = {
    ...bench.parts,
    tmux: createTmux({ home, env, secret: bench.parts.secret }),
    profiles: () => allProfiles({ scripted, ...profiles }),
    pan: panCommand,
    readIssue: async (issueId) => toText(await bench.store.board.detail(issueId)),
  };
  const workspaces = createWorkspaces(agentParts);
  let agents = createAgents(agentParts, workspaces);
  agents.watch();
  return {
    ...bench,
    get project() {
      return bench.project;
    },
    agentParts,
    workspaces,
    get agents() {
      return agents;
    },
    async restart() {
      await agents.stopWatching();
      agents = createAgents(agentParts, createWorkspaces(agentParts));
      await agents.recover();
      agents.watch();
      return agents;
    },
    async begin(number, script, { plan = false, name = "scripted" } = {}) {
      const issue = await bench.addIssue(number, `Issue ${number}`);
      const { running } = await agents.start({
        projectId: "shop",
        issue,
        name,
        prompt: `script:\n${script.join("\n")}`,
        plan,
        actor: "you",
      });
      return running;
    },
    pathOf: async ({ workspaceId }) => (await workspaces.get(workspaceId ?? 0)).path,
    until: (id, ...states) =>
      eventually(
        async () => {
          const agent = await agents.get(id);
          return states.includes(agent.state) ? agent : undefined;
        },
        `the agent is ${states.join(" or ")}`,
        { describe: async () => [await agents.get(id), await agents.screen(id)] },
      ),
    untilScreen: (id, pattern) =>
      eventually(
        async () => {
          const screen = await agents.screen(id);
          return pattern.test(screen) ? screen : undefined;
        },
        `the terminal shows ${String(pattern)}`,
        { describe: () => agents.screen(id) },
      ),
    async close() {
      await agents.stopWatching();
      for (const { name } of await agentParts.tmux.list()) await agentParts.tmux.kill(name);
      await workspaces.stop();
      await bench.close();
    },
  };
}

function toText(issue: {
  ref: string;
  title: string;
  url: string;
  tracker: string;
  type: string;
  status: string;
  nativeState: { name: string };
  body: string;
}): IssueText {
  return {
    ref: issue.ref,
    title: issue.title,
    url: issue.url,
    tracker: issue.tracker,
    type: issue.type,
    status: issue.status,
    nativeState: issue.nativeState.name,
    priority: null,
    labels: [],
    assignees: [],
    parent: null,
    blockedBy: [],
    body: issue.body,
    comments: [],
    relations: [],
  };
}
