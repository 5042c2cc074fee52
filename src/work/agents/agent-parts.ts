import type { AgentProfile } from "../../domain/work-settings.ts";
import type { Tmux } from "../tmux/tmux.ts";
import type { IssueText } from "../state/state-file.ts";
import type { WorkParts } from "../work-parts.ts";

/** The parts that agents need. */
export type AgentParts = WorkParts & {
  readonly tmux: Tmux;
  readonly profiles: () => readonly AgentProfile[];
  /** How to call `pan` on this machine: a program and its first arguments. */
  readonly pan: readonly string[];
  /** The issue for STATE.md; null if it is no longer mirrored. */
  readonly readIssue: (issueId: number) => Promise<IssueText | null>;
};
