import type { Clock } from "../../domain/clock.ts";
import type { ClaimRecords, AgentRecords } from "../../domain/work-records.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";
import type { Agents } from "../agents/agents.ts";
import type { Work } from "../work.ts";
import type { DispatchIssue } from "./dispatch-issue.ts";

/** The rules in force. */
export type RulesInForce = {
  /** null: dispatch is off. */
  readonly rules: DispatchRules | null;
  /** A problem with the rules' file: the last valid rules stay in force, and nothing new starts. */
  readonly problem: string | null;
};

/** What dispatch works with; wired in the composition root. */
export type DispatchParts = {
  readonly records: { readonly claims: ClaimRecords; readonly agents: AgentRecords };
  readonly agents: Pick<Agents, "start" | "resume" | "stop" | "stopIn" | "isAfterRun">;
  readonly removeWorkspace: Work["removeWorkspace"];
  readonly clock: Clock;
  readonly rules: () => RulesInForce;
  /** Mirrored issues that may match; dispatch checks each again. */
  readonly candidates: (when: DispatchRules["when"]) => Promise<readonly DispatchIssue[]>;
  /** The mirrored issue, and when a person last set its status; null if it is not mirrored. */
  readonly issue: (
    issueId: number,
  ) => Promise<{ readonly issue: DispatchIssue; readonly setByHandAt: number | null } | null>;
  /** Reads it from its tracker into the mirror; rejects if that fails. */
  readonly reread: (issueId: number) => Promise<void>;
  /** Why no workspace can be created for a project's issues; null if one can. */
  readonly withoutCheckout: (project: string) => string | null;
  /** Resolves when the moves caused by agents' states are made. */
  readonly settled: () => Promise<void>;
};
