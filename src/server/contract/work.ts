import { z } from "@hono/zod-openapi";
import { agentStates } from "../../domain/agent.ts";
import { workspaceStates, workspaceSteps } from "../../domain/workspace.ts";
import { Time } from "./issue.ts";

const Ref = z.string().min(1).max(1000);

export const WorkspaceInput = z
  .strictObject({
    ref: Ref,
    wait: z
      .boolean()
      .default(true)
      .openapi({ description: "false: answers at once, while its steps go on; their output is in …/log" }),
  })
  .openapi("WorkspaceInput");

export const WorkspaceShape = z
  .object({
    id: z.string(),
    ref: z.string(),
    title: z.string(),
    tracker: z.string(),
    mirrored: z.boolean().openapi({ description: "false: its issue is no longer on the board" }),
    project: z.string(),
    path: z.string(),
    branch: z.string(),
    base: z.string(),
    state: z.enum(workspaceStates),
    step: z.enum(workspaceSteps).nullable(),
    problem: z.string().nullable(),
    notes: z.array(z.string()),
    present: z.boolean().openapi({ description: "Its folder is there and git knows it" }),
    dirty: z.boolean(),
    dirtyFiles: z.array(z.string()).openapi({ description: "At most 100 of them" }),
    ahead: z.number(),
    behind: z.number(),
    unpublished: z.number().openapi({ description: "Commits that are neither pushed nor merged" }),
    createdAt: Time,
    request: z.object({ url: z.string(), name: z.string(), state: z.enum(["open", "merged", "closed"]) }).nullable(),
  })
  .openapi("Workspace");

export type WorkspaceShape = z.infer<typeof WorkspaceShape>;

export const BegunWorkspaceShape = WorkspaceShape.extend({
  logFrom: z.number().openapi({ description: "Where in …/log the output of this making begins" }),
}).openapi("BegunWorkspace");

export type BegunWorkspaceShape = z.infer<typeof BegunWorkspaceShape>;

export const WorkspacesShape = z.object({ workspaces: z.array(WorkspaceShape) }).openapi("Workspaces");

export type WorkspacesShape = z.infer<typeof WorkspacesShape>;

export const RemovedShape = z
  .object({
    kept: z
      .string()
      .nullable()
      .openapi({ description: "The git ref under which commits that are nowhere else are still found" }),
  })
  .openapi("WorkspaceRemoved");

export type RemovedShape = z.infer<typeof RemovedShape>;

export const LogShape = z
  .object({ text: z.string(), end: z.number().openapi({ description: "Ask with from=this for what comes next" }) })
  .openapi("Log");

export type LogShape = z.infer<typeof LogShape>;

export const AgentInput = z
  .strictObject({
    ref: Ref,
    agent: z.string().max(64).optional().openapi({ description: "A profile; default: the project's, else claude" }),
    prompt: z.string().max(1_000_000).default(""),
    plan: z.boolean().default(false).openapi({ description: "A planning session: a plan in STATE.md, no code" }),
    wait: z.boolean().default(true).openapi({ description: "false: answers before the program runs" }),
  })
  .openapi("AgentInput");

export const AgentShape = z
  .object({
    id: z.string(),
    ref: z.string(),
    title: z.string(),
    tracker: z.string(),
    project: z.string(),
    name: z.string(),
    plan: z.boolean(),
    state: z.enum(agentStates),
    since: Time,
    reason: z.string().nullable(),
    startedAt: Time,
    endedAt: Time.nullable(),
    exitCode: z.number().nullable(),
    turn: z.number(),
    workspace: z.string().nullable().openapi({ description: "The workspace's id; null once it is removed" }),
    branch: z.string().nullable(),
    path: z.string().nullable(),
    session: z.string(),
    lastLine: z.string().nullable(),
    lastOutputAt: Time.nullable(),
    startedBy: z.string(),
    cost: z.number().nullable(),
    tokens: z.number().nullable(),
  })
  .openapi("Agent");

export type AgentShape = z.infer<typeof AgentShape>;

export const AgentsShape = z.object({ agents: z.array(AgentShape) }).openapi("Agents");

export type AgentsShape = z.infer<typeof AgentsShape>;

export const MessageInput = z.strictObject({ text: z.string().max(1_000_000) }).openapi("MessageInput");

export const ResumeInput = z
  .strictObject({ prompt: z.string().max(1_000_000).optional(), wait: z.boolean().default(true) })
  .openapi("ResumeInput");

export const ScreenShape = z
  .object({
    screen: z.string().openapi({ description: "The terminal's content with its history, as the terminal drew it" }),
  })
  .openapi("AgentScreen");

export type ScreenShape = z.infer<typeof ScreenShape>;

export const AttachShape = z
  .object({
    command: z.array(z.string()),
    env: z.record(z.string(), z.string()).openapi({ description: "Variables that the command needs" }),
  })
  .openapi("AgentAttach");

export type AttachShape = z.infer<typeof AttachShape>;
