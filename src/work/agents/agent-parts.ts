import type { AgentProfile } from "../../domain/work-settings.ts";
import type { Tmux } from "../tmux/tmux.ts";
import type { IssueText } from "../state/state-file.ts";
import type { WorkParts } from "../work-parts.ts";

/** What agents need besides. */
export type AgentParts = WorkParts & {
  readonly tmux: Tmux;
  readonly profiles: () => readonly AgentProfile[];
  /** How `pan` is called from this machine: a program and its first arguments. */
  readonly pan: readonly string[];
  /** The issue as STATE.md tells it; null: no longer mirrored. */
  readonly readIssue: (issueId: number) => Promise<IssueText | null>;
};
