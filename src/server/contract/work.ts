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
      .openapi({ description: "false: responds at once while its steps continue; their output is in …/log" }),
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
    mirrored: z.boolean().openapi({ description: "false if its issue is no longer on the board" }),
    project: z.string(),
    path: z.string(),
    branch: z.string(),
    checkedOut: z.string().nullable().openapi({
      description: "The branch checked out in it, its own or another; null if none, or if its folder is missing",
    }),
    base: z.string(),
    state: z.enum(workspaceStates),
    step: z.enum(workspaceSteps).nullable(),
    problem: z.string().nullable(),
    notes: z.array(z.string()),
    present: z.boolean().openapi({ description: "Its folder exists and git knows it" }),
    trouble: z
      .object({ words: z.string(), mendable: z.boolean().openapi({ description: "Creating it again fixes it" }) })
      .nullable()
      .openapi({ description: "What prevents git from working in it: a broken or locked index, a missing folder" }),
    dirty: z.boolean(),
    dirtyFiles: z.array(z.string()).openapi({ description: "At most 100 of them" }),
    ahead: z.number(),
    behind: z.number(),
    unpublished: z.number().openapi({ description: "Commits neither pushed nor merged" }),
    createdAt: Time,
    request: RequestShape.nullable(),
    pushing: z
      .object({ since: Time, logFrom: z.number().openapi({ description: "Where its output begins in …/log" }) })
      .nullable()
      .openapi({ description: "Its branch is being pushed to open a request; `DELETE …/request` ends that" }),
  })
  .openapi("Workspace");

export type WorkspaceShape = z.infer<typeof WorkspaceShape>;

export const BegunWorkspaceShape = WorkspaceShape.extend({
  logFrom: z.number().openapi({ description: "Where its latest output begins in …/log" }),
}).openapi("BegunWorkspace");

export type BegunWorkspaceShape = z.infer<typeof BegunWorkspaceShape>;

export const WorkspacesShape = z.object({ workspaces: z.array(WorkspaceShape), ...pageShape }).openapi("Workspaces");

export type WorkspacesShape = z.infer<typeof WorkspacesShape>;

export const RequestInput = z
  .strictObject({
    title: z.string().max(1000).optional().openapi({ description: "Default: the issue's title" }),
    body: z.string().max(60_000).optional().openapi({ description: "Placed above the text that links the issue" }),
    draft: z.boolean().default(false),
  })
  .openapi("RequestInput");

export const ChangesShape = z
  .object({
    base: z.string(),
    baseCommit: z.string().openapi({ description: "The commit that the changes are compared with" }),
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
          omitted: z.enum(["binary", "too_large", "no_room", "conflicted"]).nullable().openapi({
            description: "Why there is no patch; ?file=PATH returns the patch of a file that is too large",
          }),
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
      .openapi({ description: "The true counts, including anything left out of the lists" }),
    request: RequestShape.nullable(),
  })
  .openapi("WorkspaceChanges");

export type ChangesShape = z.infer<typeof ChangesShape>;

export const StateShape = z
  .object({
    text: z.string().nullable().openapi({ description: "STATE.md; null if there is none yet" }),
    updatedAt: Time.nullable(),
    truncated: z.boolean(),
  })
  .openapi("WorkspaceState");

export type StateShape = z.infer<typeof StateShape>;

export const RemovedShape = z
  .object({
    kept: z.string().nullable().openapi({
      description:
        "The git ref that keeps commits found nowhere else; those of a HEAD apart from the branch are under the same name with -head",
    }),
  })
  .openapi("WorkspaceRemoved");

export type RemovedShape = z.infer<typeof RemovedShape>;

export const LogShape = z
  .object({
    text: z.string(),
    start: z.number().openapi({
      description: "Where the text begins: later than from= if earlier output is no longer kept",
    }),
    end: z.number().openapi({ description: "Pass as from= to get what comes next" }),
  })
  .openapi("Log");

export type LogShape = z.infer<typeof LogShape>;

export const AgentInput = z
  .strictObject({
    ref: Ref,
    agent: z
      .string()
      .max(64)
      .optional()
      .openapi({ description: "A profile; default: the project's, otherwise claude" }),
    prompt: z.string().max(1_000_000).default(""),
    plan: z.boolean().default(false).openapi({ description: "A planning session: a plan in STATE.md, no code" }),
    wait: z.boolean().default(true).openapi({ description: "false: responds before the program runs" }),
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
    choices: z.array(z.object({ answer: z.string(), label: z.string() })).openapi({
      description: "What its terminal offers to choose from: each option's words, and the message that takes it",
    }),
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
        program: z.string().nullable().openapi({ description: "Where it was found; null if it is not installed" }),
        version: z.string().nullable().openapi({ description: "As reported by the program" }),
      }),
    ),
  })
  .openapi("AgentProfiles");

export type AgentProfilesShape = z.infer<typeof AgentProfilesShape>;

export const MessageInput = z
  .strictObject({
    text: z.string().max(1_000_000),
    option: z.object({ label: z.string(), since: Time }).optional().openapi({
      description:
        "The one of the agent's `choices` that the text takes, and the agent's `since` then: refused (409) if it asks something else by now",
    }),
  })
  .openapi("MessageInput");

export type MessageInput = z.infer<typeof MessageInput>;

export const ResumeInput = z
  .strictObject({ prompt: z.string().max(1_000_000).optional(), wait: z.boolean().default(true) })
  .openapi("ResumeInput");

export const ScreenShape = z
  .object({
    screen: z.string().openapi({ description: "The terminal's content with its history, as drawn" }),
  })
  .openapi("AgentScreen");

export type ScreenShape = z.infer<typeof ScreenShape>;

export const AttachShape = z
  .object({
    command: z.array(z.string()),
    env: z.record(z.string(), z.string()).openapi({ description: "Environment variables that the command needs" }),
  })
  .openapi("AgentAttach");

export type AttachShape = z.infer<typeof AttachShape>;
