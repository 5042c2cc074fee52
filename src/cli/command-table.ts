import type { Command } from "commander";
import { define as defineIssues } from "./commands/issues.ts";
import type { Context } from "./context.ts";

/** A command by name; its file is loaded when it is called, so that the others start fast. Listing issues is what all else makes way for. */
export type CommandEntry = {
  readonly name: string;
  readonly arguments: string;
  readonly summary: string;
  load(): Promise<{ define(command: Command, context: Context): void }>;
};

export const commandTable: readonly CommandEntry[] = [
  {
    name: "up",
    arguments: "",
    summary: "start the server and open the board",
    load: () => import("./commands/up.ts"),
  },
  {
    name: "init",
    arguments: "",
    summary: "find logins and keys, choose what is on the board, write both files",
    load: () => import("./commands/init.ts"),
  },
  { name: "down", arguments: "", summary: "stop the server", load: () => import("./commands/down.ts") },
  {
    name: "status",
    arguments: "",
    summary: "whether the server runs, and how each tracker stands",
    load: () => import("./commands/status.ts"),
  },
  {
    name: "demo",
    arguments: "",
    summary: "the board with a made-up company's issues, in local emulators",
    load: () => import("./commands/demo.ts"),
  },
  {
    name: "doctor",
    arguments: "",
    summary: "look for what is wrong, and say how to mend it",
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "project",
    arguments: "",
    summary: "add, list and remove projects",
    load: () => import("./commands/project.ts"),
  },
  {
    name: "states",
    arguments: "<project>",
    summary: "how each source's workflow is read as the six statuses",
    load: () => import("./commands/states.ts"),
  },
  {
    name: "trackers",
    arguments: "",
    summary: "the trackers, their accounts and sources; test credentials",
    load: () => import("./commands/trackers.ts"),
  },
  {
    name: "webhooks",
    arguments: "[tracker]",
    summary: "have the trackers tell of changes: address, secret and steps; make, try and remove them",
    load: () => import("./commands/webhooks.ts"),
  },
  {
    name: "sync",
    arguments: "[tracker]",
    summary: "ask the trackers for changes now, and return when done",
    load: () => import("./commands/sync.ts"),
  },
  {
    name: "issues",
    arguments: "[text...]",
    summary: "list issues; takes the board's filters",
    load: () => Promise.resolve({ define: defineIssues }),
  },
  {
    name: "show",
    arguments: "<ref>",
    summary: "one issue with its text and comments",
    load: () => import("./commands/show.ts"),
  },
  {
    name: "open",
    arguments: "<ref>",
    summary: "open an issue in its tracker, in the browser",
    load: () => import("./commands/open.ts"),
  },
  {
    name: "export",
    arguments: "[text...]",
    summary: "write issues out as JSON, CSV or markdown; takes the board's filters",
    load: () => import("./commands/export.ts"),
  },
  {
    name: "create",
    arguments: "[title...]",
    summary: "make an issue",
    load: () => import("./commands/create.ts"),
  },
  {
    name: "edit",
    arguments: "<ref>",
    summary: "change an issue, with flags or in $EDITOR",
    load: () => import("./commands/edit.ts"),
  },
  {
    name: "move",
    arguments: "<ref> <status>",
    summary: "move an issue to another status",
    load: () => import("./commands/move.ts"),
  },
  {
    name: "comment",
    arguments: "<ref> [text...]",
    summary: "comment an issue",
    load: () => import("./commands/comment.ts"),
  },
  {
    name: "link",
    arguments: "<ref> <type> <other>",
    summary: "relate two issues, of any trackers",
    load: () => import("./commands/link.ts"),
  },
  {
    name: "undo",
    arguments: "[id]",
    summary: "take the last change back",
    load: () => import("./commands/undo.ts"),
  },
  {
    name: "outbox",
    arguments: "",
    summary: "changes on their way to the trackers; retry, drop and resolve them",
    load: () => import("./commands/outbox.ts"),
  },
  {
    name: "workspace",
    arguments: "",
    summary: "git worktrees for issues: make, list, hand in and remove them",
    load: () => import("./commands/workspace.ts"),
  },
  {
    name: "agent",
    arguments: "",
    summary: "start, watch and answer coding agents",
    load: () => import("./commands/agent.ts"),
  },
  {
    name: "dispatch",
    arguments: "",
    summary: "start agents by the rules in projects.yaml; what would start, and why not",
    load: () => import("./commands/dispatch.ts"),
  },
  {
    name: "mcp",
    arguments: "",
    summary: "for agents: tools for issues over the Model Context Protocol",
    load: () => import("./commands/mcp.ts"),
  },
  {
    name: "backup",
    arguments: "[file]",
    summary: "write the mirror, the outbox and the configuration into one file",
    load: () => import("./commands/backup.ts"),
  },
  {
    name: "restore",
    arguments: "<file>",
    summary: "put a backup in place",
    load: () => import("./commands/restore.ts"),
  },
  {
    name: "completion",
    arguments: "<shell>",
    summary: "what makes bash, zsh or fish complete commands, refs and names",
    load: () => import("./commands/completion.ts"),
  },
];
