import type { DispatchRules } from "../../domain/work-settings.ts";
import { repeat } from "../repeat.ts";
import { takeIssue, type TurnParts } from "./begin-turn.ts";
import { createClaimCare } from "./care-for-claims.ts";
import type { ClaimView } from "./decide-claim.ts";
import type { DispatchParts } from "./dispatch-parts.ts";
import { describeClaims, type DispatchPlan, warningOf } from "./dispatch-plan.ts";
import { createFreshReader } from "./fresh-reader.ts";
import { planStarts, type Starts } from "./plan-starts.ts";
import { readClaims } from "./read-claims.ts";
import { countSlots, type Slots, statusesAtWork, statusesFailing } from "./slots.ts";
import type { Spending } from "./spending.ts";

/** Starts agents by rules, and takes care of those it started. All of its state is on disk, so another process can continue. */
export type Dispatch = {
  /** Runs once: claimed issues first, then new ones. */
  look(): Promise<void>;
  /** What `look` would do about new issues, and the state of claimed ones. Changes nothing. */
  plan(): Promise<DispatchPlan>;
  start(): void;
  stop(): Promise<void>;
};

/** The interval between two looks. */
const lookMs = 1_000;

export function createDispatch(parts: DispatchParts): Dispatch {
  const { clock } = parts;
  const stopping = new AbortController();
  const turn: TurnParts = { parts, freshly: createFreshReader(parts), problems: new Map() };
  const { freshly, problems } = turn;
  const claimCare = createClaimCare(turn);
  let looking: Promise<void> = Promise.resolve();

  async function lookOnce(): Promise<void> {
    const { rules, problem } = parts.rules();
    if (rules === null) {
      if (problem === null) await claimCare.releaseAll();
      return;
    }
    await parts.settled();
    const before = await readClaims(parts, problems);
    const cared = await Promise.all(before.views.map((view) => claimCare.care(view, rules)));
    const claims = cared.filter((view) => view !== null);
    const slots = countSlots(rules.limit, statusesAtWork(claims), statusesFailing(claims));
    for (const view of claims) {
      if (stopping.signal.aborted) return;
      await claimCare.goOn(view, rules, slots);
    }
    keepProblemsOf(claims);
    if (slots.used >= rules.limit.total) return;
    const { start } = await findStarts(rules, { claims, problem, slots, spentToday: before.spentToday });
    for (const issue of start) {
      if (stopping.signal.aborted) return;
      await takeIssue(turn, issue, rules);
    }
  }

  function keepProblemsOf(claims: readonly ClaimView[]): void {
    const claimed = new Set(claims.map(({ claim }) => claim.issueId));
    for (const issueId of problems.keys()) if (!claimed.has(issueId)) problems.delete(issueId);
  }

  async function findStarts(rules: DispatchRules, now: Standing): Promise<Starts> {
    return planStarts({
      issues: await parts.candidates(rules.when),
      rules,
      claimed: new Set(now.claims.map(({ claim }) => claim.issueId)),
      slots: now.slots,
      spentToday: now.spentToday,
      paused: now.problem,
      withoutCheckout: parts.withoutCheckout,
      problemOf: freshly.whyNot,
    });
  }

  return {
    look() {
      looking = looking.then(lookOnce, lookOnce);
      return looking;
    },
    async plan() {
      const { rules, problem } = parts.rules();
      const { views: claims, spentToday } = await readClaims(parts, problems);
      const slots = countSlots(
        rules?.limit ?? { total: 0, perStatus: {} },
        statusesAtWork(claims),
        statusesFailing(claims),
      );
      const slotsUsed = slots.used;
      const starts =
        rules === null ? { start: [], others: [] } : await findStarts(rules, { claims, problem, slots, spentToday });
      return {
        rules,
        paused: problem,
        warning: rules && warningOf(rules.when),
        claims: describeClaims(claims, rules, { now: clock.now(), slots, whyNot: freshly.whyNot }),
        ...starts,
        slotsUsed,
        spentToday,
      };
    },
    start() {
      repeat(() => this.look(), lookMs, clock, stopping.signal);
    },
    async stop() {
      stopping.abort();
      await looking.catch(() => undefined);
    },
  };
}

/** The state on which new starts are decided. */
type Standing = {
  readonly claims: readonly ClaimView[];
  /** A problem with the rules' file; null if there is none. */
  readonly problem: string | null;
  readonly slots: Slots;
  readonly spentToday: Spending;
};
