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
  /** What is wrong with the file that they stand in: the last good ones stay, and nothing new starts. */
  readonly problem: string | null;
};

/** What dispatch works with; wired where the parts are put together. */
export type DispatchParts = {
  readonly records: { readonly claims: ClaimRecords; readonly agents: AgentRecords };
  readonly agents: Pick<Agents, "start" | "resume" | "stop" | "stopIn" | "isAfterRun">;
  readonly removeWorkspace: Work["removeWorkspace"];
  readonly clock: Clock;
  readonly rules: () => RulesInForce;
  /** Mirrored issues that may match; dispatch looks again at each. */
  readonly candidates: (when: DispatchRules["when"]) => Promise<readonly DispatchIssue[]>;
  /** As it is mirrored, and when somebody last set its status by hand; null: it is not. */
  readonly issue: (
    issueId: number,
  ) => Promise<{ readonly issue: DispatchIssue; readonly setByHandAt: number | null } | null>;
  /** Reads it from its tracker into the mirror; rejects where that cannot be done. */
  readonly reread: (issueId: number) => Promise<void>;
  /** Why no workspace can be made for a project's issues; null: one can. */
  readonly withoutCheckout: (project: string) => string | null;
  /** Resolves when the moves that agents' states bring with them are made. */
  readonly settled: () => Promise<void>;
};
