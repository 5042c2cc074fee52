import { z } from "@hono/zod-openapi";
import { agentStates } from "../../domain/agent.ts";
import { fileStatuses } from "../../domain/workspace-changes.ts";
import { workspaceStates, workspaceSteps } from "../../domain/workspace.ts";
import { Time } from "./issue.ts";
import { pageShape } from "./page.ts";

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

export const RequestShape = z
  .object({
    url: z.string(),
    name: z.string().openapi({ description: "As people write it: #12, !12" }),
    number: z.number(),
    state: z.enum(["open", "merged", "closed"]),
  })
  .openapi("BranchRequest");

export type RequestShape = z.infer<typeof RequestShape>;

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
    checkedOut: z.string().nullable().openapi({
      description: "The branch that is checked out in it, its own or another; null: none, or its folder is not there",
    }),
    base: z.string(),
    state: z.enum(workspaceStates),
    step: z.enum(workspaceSteps).nullable(),
    problem: z.string().nullable(),
    notes: z.array(z.string()),
    present: z.boolean().openapi({ description: "Its folder is there and git knows it" }),
    trouble: z
      .object({ words: z.string(), mendable: z.boolean().openapi({ description: "Making it again puts it right" }) })
      .nullable()
      .openapi({ description: "What keeps git from its work in it: a broken or locked index, a folder that is gone" }),
    dirty: z.boolean(),
    dirtyFiles: z.array(z.string()).openapi({ description: "At most 100 of them" }),
    ahead: z.number(),
    behind: z.number(),
    unpublished: z.number().openapi({ description: "Commits that are neither pushed nor merged" }),
    createdAt: Time,
    request: RequestShape.nullable(),
  })
  .openapi("Workspace");

export type WorkspaceShape = z.infer<typeof WorkspaceShape>;

export const BegunWorkspaceShape = WorkspaceShape.extend({
  logFrom: z.number().openapi({ description: "Where in …/log the output of this making begins" }),
}).openapi("BegunWorkspace");

export type BegunWorkspaceShape = z.infer<typeof BegunWorkspaceShape>;

export const WorkspacesShape = z.object({ workspaces: z.array(WorkspaceShape), ...pageShape }).openapi("Workspaces");

export type WorkspacesShape = z.infer<typeof WorkspacesShape>;

export const RequestInput = z
  .strictObject({
    title: z.string().max(1000).optional().openapi({ description: "Default: the issue's title" }),
    body: z.string().max(60_000).optional().openapi({ description: "Goes above the words that link the issue" }),
    draft: z.boolean().default(false),
  })
  .openapi("RequestInput");

export const ChangesShape = z
  .object({
    base: z.string(),
    baseCommit: z.string().openapi({ description: "The commit that the differences are against" }),
    head: z.string(),
    commits: z
      .array(z.object({ hash: z.string(), title: z.string(), author: z.string(), at: Time }))
      .openapi({ description: "The newest first, at most 100" }),
    files: z
      .array(
        z.object({
          path: z.string(),
          from: z.string().nullable().openapi({ description: "Where it was renamed or copied from" }),
          status: z.enum(fileStatuses),
          additions: z.number().nullable().openapi({ description: "Lines; null: binary" }),
          deletions: z.number().nullable(),
          committed: z.boolean(),
          uncommitted: z.boolean(),
          untracked: z.boolean(),
          patch: z.string().nullable(),
          omitted: z
            .enum(["binary", "too_large", "no_room", "conflicted"])
            .nullable()
            .openapi({ description: "Why there is no patch; ?file=PATH gives that of a file that is too large" }),
        }),
      )
      .openapi({ description: "At most 1,000" }),
    totals: z
      .object({
        commits: z.number(),
        files: z.number(),
        additions: z.number(),
        deletions: z.number(),
        withoutPatch: z.number(),
      })
      .openapi({ description: "The true counts, whatever is left out of the lists" }),
    request: RequestShape.nullable(),
  })
  .openapi("WorkspaceChanges");

export type ChangesShape = z.infer<typeof ChangesShape>;

export const StateShape = z
  .object({
    text: z.string().nullable().openapi({ description: "STATE.md; null: there is none yet" }),
    updatedAt: Time.nullable(),
    truncated: z.boolean(),
  })
  .openapi("WorkspaceState");

export type StateShape = z.infer<typeof StateShape>;

export const RemovedShape = z
  .object({
    kept: z.string().nullable().openapi({
      description:
        "The git ref under which commits that are nowhere else are still found; those of a HEAD beside the branch have the same name with -head",
    }),
  })
  .openapi("WorkspaceRemoved");

export type RemovedShape = z.infer<typeof RemovedShape>;

export const LogShape = z
  .object({
    text: z.string(),
    start: z.number().openapi({
      description: "Where the text begins: later than from= where what is before is no longer kept",
    }),
    end: z.number().openapi({ description: "Ask with from=this for what comes next" }),
  })
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

export type AgentInput = z.input<typeof AgentInput>;

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

export const AgentsShape = z.object({ agents: z.array(AgentShape), ...pageShape }).openapi("Agents");

export type AgentsShape = z.infer<typeof AgentsShape>;

export const AgentProfilesShape = z
  .object({
    profiles: z.array(
      z.object({
        id: z.string(),
        builtIn: z.boolean(),
        command: z.array(z.string()),
        program: z.string().nullable().openapi({ description: "Where it was found; null: it is not installed" }),
        version: z.string().nullable().openapi({ description: "As the program says it" }),
      }),
    ),
  })
  .openapi("AgentProfiles");

export type AgentProfilesShape = z.infer<typeof AgentProfilesShape>;

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
