import type { DispatchRules } from "../../domain/work-settings.ts";
import { repeat } from "../repeat.ts";
import { beginTurn, takeIssue, turnReadMs } from "./begin-turn.ts";
import { carryOut } from "./carry-out.ts";
import { type ClaimView, decideClaim, holdsSlot } from "./decide-claim.ts";
import type { DispatchParts } from "./dispatch-parts.ts";
import { describeClaims, type DispatchPlan, warningOf } from "./dispatch-plan.ts";
import { createFreshReader } from "./fresh-reader.ts";
import { planStarts, type Starts } from "./plan-starts.ts";
import { readClaims } from "./read-claims.ts";
import { countSlots, type Slots } from "./slots.ts";
import type { Spending } from "./spending.ts";

/** Starts agents by rules, and looks after those it started. All of its state is on disk: another process goes on where this one ended. */
export type Dispatch = {
  /** One turn of care: what was claimed first, then what may start. */
  look(): Promise<void>;
  /** What `look` would do about new ones, and how the claimed ones stand. Changes nothing. */
  plan(): Promise<DispatchPlan>;
  start(): void;
  stop(): Promise<void>;
};

/** A turn of care begins so long after the last one. */
const lookMs = 1_000;
/** A claimed issue is read anew from its tracker so often. */
const rereadMs = 60_000;

export function createDispatch(parts: DispatchParts): Dispatch {
  const { records, clock } = parts;
  const stopping = new AbortController();
  const freshly = createFreshReader(parts);
  /** Why something could not be started, for people to see. */
  const problems = new Map<number, string>();
  const turn = { parts, freshly, problems };
  let looking: Promise<void> = Promise.resolve();

  /** One claim; gives what is known of it afterwards, null where it is no claim any more. */
  async function care(view: ClaimView, rules: DispatchRules): Promise<ClaimView | null> {
    // What is not on the board any more cannot be asked for.
    if (view.claim.ended !== null || view.issue === null)
      return carryOut(parts, decideClaim(view, rules, clock.now()), view, forget);
    const current = await freshly.read(view.claim.issueId, rereadMs).then((read) => (read ? renewed(view) : view));
    // What cannot be read is left alone until it can.
    if (freshly.whyNot(view.claim.issueId) !== null) return current;
    return carryOut(parts, decideClaim(current, rules, clock.now()), current, forget);
  }

  async function renewed(view: ClaimView): Promise<ClaimView> {
    const found = await parts.issue(view.claim.issueId);
    return { ...view, issue: found?.issue ?? null, setByHandAt: found?.setByHandAt ?? null };
  }

  function forget(issueId: number): void {
    freshly.forget(issueId);
    problems.delete(issueId);
  }

  async function lookOnce(): Promise<void> {
    const { rules, problem } = parts.rules();
    if (rules === null) {
      if (problem === null) await switchOff();
      return;
    }
    await parts.settled();
    const before = await readClaims(parts, problems);
    const cared = (await Promise.all(before.views.map((view) => care(view, rules)))).filter((view) => view !== null);
    const slots = countSlots(rules.limit, statusesOf(cared));
    for (const view of cared) {
      if (stopping.signal.aborted) return;
      await goOn(view, rules, slots);
    }
    const claimed = new Set(cared.map(({ claim }) => claim.issueId));
    for (const issueId of problems.keys()) if (!claimed.has(issueId)) problems.delete(issueId);
    if (slots.used >= rules.limit.total) return;
    const { start } = await starts(cared, rules, problem, slots, before.spentToday);
    for (const issue of start) {
      if (stopping.signal.aborted) return;
      await takeIssue(turn, issue, rules);
    }
  }

  /** The next turn of a claimed issue, when it is due and there is a slot. */
  async function goOn(view: ClaimView, rules: DispatchRules, slots: Slots): Promise<void> {
    const isDue = (one: ClaimView) =>
      one.issue !== null &&
      (holdsSlot(one) || slots.full(one.issue.status) === null) &&
      decideClaim(one, rules, clock.now()).do === "begin";
    if (!isDue(view)) return;
    await freshly.read(view.claim.issueId, turnReadMs);
    if (freshly.whyNot(view.claim.issueId) !== null) return;
    const current = await renewed(view);
    const step = decideClaim(current, rules, clock.now());
    if (step.do !== "begin" || current.issue === null || !isDue(current)) return;
    if (!holdsSlot(current)) slots.take(current.issue.status);
    await beginTurn(turn, current, step.resume, rules);
  }

  /** The rules were taken away: agents go on, as if a person had started them. */
  async function switchOff(): Promise<void> {
    for (const { issueId } of await records.claims.list()) {
      await records.claims.release(issueId);
      forget(issueId);
    }
  }

  async function starts(
    claimed: readonly ClaimView[],
    rules: DispatchRules,
    problem: string | null,
    slots: Slots,
    spentToday: Spending,
  ): Promise<Starts> {
    const mayStart = problem === null;
    return planStarts({
      issues: await parts.candidates(rules.when),
      rules,
      claimed: new Set(claimed.map(({ claim }) => claim.issueId)),
      slots,
      spentToday,
      paused: mayStart ? null : problem,
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
      const known = await readClaims(parts, problems);
      const slots = countSlots(rules?.limit ?? { total: 0, perStatus: {} }, statusesOf(known.views));
      const slotsUsed = slots.used;
      const { start, others } =
        rules === null ? { start: [], others: [] } : await starts(known.views, rules, problem, slots, known.spentToday);
      return {
        rules,
        paused: problem,
        warning: rules && warningOf(rules.when),
        claims: describeClaims(known.views, rules, { now: clock.now(), slots, whyNot: freshly.whyNot }),
        start,
        others,
        slotsUsed,
        spentToday: known.spentToday,
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

/** The statuses of the issues that have a slot. */
function statusesOf(views: readonly ClaimView[]) {
  return views.filter(holdsSlot).map(({ issue }) => issue?.status ?? ("in_progress" as const));
}
