import type { Agent } from "../../domain/agent.ts";
import { toDispatchShape } from "../../server/shapes/dispatch-shape.ts";
import { findWorkIssue } from "../../server/find/work-issue.ts";
import { toAgentShape, toRequestShape, toWorkspaceShape } from "../../server/shapes/work-shape.ts";
import type { AskedPrograms } from "../../config/read-config.ts";
import { composeApp } from "../compose.ts";
import type { Context } from "../context.ts";
import { isNamed } from "./pick-work.ts";
import type { Working } from "./working.ts";

/** Poll interval for agents that are starting. */
const startingMs = 100;

/** Works in this process while no server runs. Agents keep running afterwards; the next server finds them. */
export async function openLocalWorking(context: Context, programs: AskedPrograms): Promise<Working> {
  const app = await composeApp({ ...context, programs });
  const { store, work, dispatch } = app;
  const { workspaces, agents } = work;
  try {
    await workspaces.recover();
    await agents.recover();
  } catch (error) {
    await app.close();
    throw error;
  }
  const pending = new Set<Promise<unknown>>();
  const shape = async (agent: Agent) =>
    toAgentShape(agent, agent.workspaceId === null ? null : await store.work.workspaces.find(agent.workspaceId));
  return {
    async createWorkspace(ref) {
      const { projectId, issue } = await findWorkIssue(ref, app);
      const { workspace, logFrom, ready } = await workspaces.create(projectId, issue);
      // The failure is stored with the workspace, where the command reads it.
      pending.add(ready.catch(() => undefined));
      return { ...toWorkspaceShape(await workspaces.get(workspace.id)), logFrom };
    },
    workspace: async (id) => toWorkspaceShape(await workspaces.get(Number(id))),
    async workspaces(of) {
      const ids =
        of === undefined
          ? undefined
          : (await store.work.workspaces.list()).flatMap(({ id, issue }) => (isNamed(issue.ref, of) ? [id] : []));
      const listed = (await workspaces.list(ids)).map((workspace) => toWorkspaceShape(workspace));
      return { workspaces: listed, total: listed.length, cursor: null };
    },
    workspaceLog: async (id, from) => workspaces.log(Number(id), from),
    removeWorkspace: (id, force) => work.removeWorkspace(Number(id), { force }),
    openRequest: async (id, wish) => toRequestShape(await work.requests.open(Number(id), wish)),
    async startAgent({ ref, agent: name, prompt, plan }) {
      const { projectId, issue } = await findWorkIssue(ref, app);
      const { running } = await agents.start({ projectId, issue, name, prompt, plan, actor: "cli" });
      return shape(await running);
    },
    async agents() {
      const places = new Map((await store.work.workspaces.list()).map((workspace) => [workspace.id, workspace]));
      const listed = (await agents.list()).map((agent) =>
        toAgentShape(agent, places.get(agent.workspaceId ?? 0) ?? null),
      );
      return { agents: listed, total: listed.length, cursor: null };
    },
    async message(id, text) {
      await agents.message(Number(id), text);
      return shape(await agents.get(Number(id)));
    },
    stopAgent: async (id) => shape(await agents.stop(Number(id), "stopped by cli")),
    async resumeAgent(id, prompt) {
      const { running } = await agents.resume(Number(id), { prompt });
      return shape(await running);
    },
    async agentLog(id, from) {
      await agents.get(Number(id));
      const { text, start, end } = agents.log(Number(id), from);
      return { text: text.toString("utf8"), start, end };
    },
    async attach(id) {
      const { command, env } = await agents.attachCommand(Number(id));
      return { command: [...command], env: { ...env } };
    },
    async dispatch(dryRun) {
      if (!dryRun) await dispatch.look();
      for (;;) {
        const plan = await dispatch.plan();
        // This process must not exit while a workspace is being created.
        if (dryRun || !plan.claims.some(({ agent }) => agent?.state === "starting")) return toDispatchShape(plan);
        await context.clock.sleep(startingMs);
      }
    },
    async close() {
      await Promise.allSettled(pending);
      // Wait for the follow-up work of agents' runs before closing.
      await agents.settled();
      await app.close();
    },
  };
}
