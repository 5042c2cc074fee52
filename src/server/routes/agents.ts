import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Agent } from "../../domain/agent.ts";
import { actorName } from "../../domain/operation.ts";
import {
  AgentInput,
  AgentProfilesShape,
  AgentShape,
  AgentsShape,
  AttachShape,
  LogShape,
  MessageInput,
  ResumeInput,
  ScreenShape,
} from "../contract/work.ts";
import { PageQuery } from "../contract/query.ts";
import { isBuiltIn } from "../../work/agents/profiles.ts";
import type { ServerEnv } from "../env.ts";
import { pageOf } from "../shapes/page-of.ts";
import type { Services } from "../services.ts";
import { findWorkIssue } from "../find/work-issue.ts";
import { toAgentShape } from "../shapes/work-shape.ts";
import { answers } from "./responses.ts";

const params = z.object({ id: z.coerce.number<string>().int().positive() });
const json = <Schema extends z.ZodType>(schema: Schema, required = true) => ({
  required,
  content: { "application/json": { schema } },
});

const listRoute = createRoute({
  method: "get",
  path: "/api/agents",
  summary: "Agents: the active ones, then those that ended last",
  request: { query: PageQuery },
  responses: answers(200, AgentsShape, "One page of the agents and the true total", [400]),
});

const profilesRoute = createRoute({
  method: "get",
  path: "/api/agent-profiles",
  summary: "The agent profiles, and whether their programs are installed",
  responses: answers(200, AgentProfilesShape, "The profiles"),
});

const oneRoute = createRoute({
  method: "get",
  path: "/api/agents/{id}",
  summary: "One agent",
  request: { params },
  responses: answers(200, AgentShape, "The agent", [404]),
});

const startRoute = createRoute({
  method: "post",
  path: "/api/agents",
  summary: "Start an agent on an issue, in its workspace, which is created if there is none",
  request: { body: json(AgentInput) },
  responses: answers(201, AgentShape, "The agent", [400, 404, 409, 413, 415, 422]),
});

const messageRoute = createRoute({
  method: "post",
  path: "/api/agents/{id}/message",
  summary: "Type a message and press Enter",
  request: { params, body: json(MessageInput) },
  responses: answers(200, AgentShape, "The agent", [404, 409, 413, 415, 503]),
});

const stopRoute = createRoute({
  method: "post",
  path: "/api/agents/{id}/stop",
  summary: "Stop an agent; its workspace stays",
  request: { params },
  responses: answers(200, AgentShape, "The agent", [404]),
});

const resumeRoute = createRoute({
  method: "post",
  path: "/api/agents/{id}/resume",
  summary: "Start an agent again in its workspace",
  request: { params, body: json(ResumeInput, false) },
  responses: answers(200, AgentShape, "The agent", [404, 409, 413, 415]),
});

const logRoute = createRoute({
  method: "get",
  path: "/api/agents/{id}/log",
  summary: "An agent's raw output",
  request: { params, query: z.object({ from: z.coerce.number<string>().int().default(0) }) },
  responses: answers(200, LogShape, "The output from that point on", [404]),
});

const screenRoute = createRoute({
  method: "get",
  path: "/api/agents/{id}/screen",
  summary: "The content of an agent's terminal, now or when it ended",
  request: { params },
  responses: answers(200, ScreenShape, "The screen", [404]),
});

const attachRoute = createRoute({
  method: "get",
  path: "/api/agents/{id}/attach",
  summary: "The command line that shows an agent in the user's own terminal",
  request: { params },
  responses: answers(200, AttachShape, "The command", [404, 409]),
});

export function addAgentRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { store, work } = services;
  const { agents } = work;

  const shape = async (agent: Agent): Promise<AgentShape> =>
    toAgentShape(agent, agent.workspaceId === null ? null : await store.work.workspaces.find(agent.workspaceId));

  app.openapi(listRoute, async (c) => {
    const { items, ...page } = pageOf(await agents.ids(), c.req.valid("query"), String);
    const workspaces = new Map((await store.work.workspaces.list()).map((workspace) => [workspace.id, workspace]));
    const listed = await agents.list(items);
    return c.json(
      { agents: listed.map((agent) => toAgentShape(agent, workspaces.get(agent.workspaceId ?? 0) ?? null)), ...page },
      200,
    );
  });

  app.openapi(profilesRoute, async (c) => {
    const found = await agents.profiles();
    const profiles = found.map(({ profile: { id, command }, path, version }) => ({
      id,
      builtIn: isBuiltIn(id),
      command: [...command],
      program: path,
      version,
    }));
    return c.json({ profiles }, 200);
  });

  app.openapi(oneRoute, async (c) => c.json(await shape(await agents.get(c.req.valid("param").id)), 200));

  app.openapi(startRoute, async (c) => {
    const { ref, agent: name, prompt, plan, wait } = c.req.valid("json");
    const { projectId, issue } = await findWorkIssue(ref, services);
    const actor = actorName(c.get("by").actor);
    const { agent, running } = await agents.start({ projectId, issue, name, prompt, plan, actor });
    if (wait) await running;
    return c.json(await shape(await agents.get(agent.id)), 201, { location: `/api/agents/${agent.id}` });
  });

  app.openapi(messageRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { text, option } = c.req.valid("json");
    await agents.message(id, text, option && { ...option, since: Date.parse(option.since) });
    return c.json(await shape(await agents.get(id)), 200);
  });

  app.openapi(stopRoute, async (c) => {
    const by = actorName(c.get("by").actor);
    return c.json(await shape(await agents.stop(c.req.valid("param").id, `stopped by ${by}`)), 200);
  });

  app.openapi(resumeRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { prompt, wait = true } = (c.req.valid("json") as z.infer<typeof ResumeInput> | undefined) ?? {};
    const { running } = await agents.resume(id, { prompt });
    if (wait) await running;
    return c.json(await shape(await agents.get(id)), 200);
  });

  app.openapi(logRoute, async (c) => {
    const { id } = c.req.valid("param");
    await agents.get(id);
    const { text, start, end } = agents.log(id, c.req.valid("query").from);
    return c.json({ text: text.toString("utf8"), start, end }, 200);
  });

  app.openapi(screenRoute, async (c) => c.json({ screen: await agents.screen(c.req.valid("param").id) }, 200));

  app.openapi(attachRoute, async (c) => {
    const { command, env } = await agents.attachCommand(c.req.valid("param").id);
    return c.json({ command: [...command], env: { ...env } }, 200);
  });
}
