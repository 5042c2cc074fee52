import type { Agent, Claim } from "../../domain/agent.ts";
import { isPanopticonError } from "../../domain/error.ts";
import { statusLabels } from "../../domain/status.ts";
import { type DispatchRules, isForEverything } from "../../domain/work-settings.ts";
import { repeat } from "../repeat.ts";
import { carryOut } from "./carry-out.ts";
import { backoffMs, type ClaimStep, type ClaimView, decideClaim, holdsSlot } from "./decide-claim.ts";
import { readClaims, startedBy } from "./read-claims.ts";
import { type DispatchIssue, isMatching } from "./dispatch-issue.ts";
import type { DispatchParts } from "./dispatch-parts.ts";
import { createFreshReader } from "./fresh-reader.ts";
import { planStarts, type Starts } from "./plan-starts.ts";
import { countSlots, type Slots } from "./slots.ts";
import type { Spending } from "./spending.ts";

/** How dispatch stands, for `GET /api/dispatch` and `pan dispatch`. */
export type DispatchPlan = Starts & {
  /** null: dispatch is off. */
  readonly rules: DispatchRules | null;
  /** Why nothing new starts whatever matches. */
  readonly paused: string | null;
  /** What the user may not have meant by the rules; null: nothing. */
  readonly warning: string | null;
  readonly claims: readonly {
    readonly claim: Claim;
    readonly issue: DispatchIssue | null;
    readonly agent: Agent | null;
    /** Why it does not go on just now; null: it is at work, or its next turn has its time. */
    readonly why: string | null;
    readonly spent: Spending;
  }[];
  readonly slotsUsed: number;
  readonly spentToday: Spending;
};

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
/** A claimed issue is read anew from its tracker so often, and before each turn unless it was just read. */
const rereadMs = 60_000;
const turnReadMs = 5_000;

export function createDispatch(parts: DispatchParts): Dispatch {
  const { records, clock } = parts;
  const stopping = new AbortController();
  const freshly = createFreshReader(parts);
  /** Why something could not be started, for people to see. */
  const problems = new Map<number, string>();
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

  /** A turn: the agent is on disk before the claim says so, and a claim whose agent says more than it does is brought in line by the next look. */
  async function begin({ claim, agent, issue }: ClaimView, resume: boolean, rules: DispatchRules): Promise<void> {
    if (issue === null) return;
    const { issueId, ref, title, project } = issue;
    try {
      const started =
        resume && agent !== null
          ? await parts.agents.resume(agent.id)
          : await parts.agents.start({
              projectId: project,
              issue: { issueId, ref, title },
              name: rules.agent ?? undefined,
              prompt: "",
              plan: false,
              actor: startedBy,
            });
      problems.delete(issueId);
      await records.claims.update(issueId, { agentId: started.agent.id, turns: claim.turns + 1, nextAt: null });
    } catch (error) {
      if (!isPanopticonError(error)) throw error;
      problems.set(issueId, error.message);
      const failures = claim.failures + 1;
      await records.claims.update(issueId, { failures, nextAt: clock.now() + backoffMs(failures, rules.retries) });
    }
  }

  /** Reads a candidate anew, takes it, and starts its first turn. */
  async function startNew(issue: DispatchIssue, rules: DispatchRules): Promise<void> {
    const { issueId, project } = issue;
    await freshly.read(issueId, turnReadMs);
    if (freshly.whyNot(issueId) !== null) return;
    const now = (await parts.issue(issueId))?.issue;
    if (now === undefined || !isMatching(now, rules.when) || now.blockedBy.length > 0) return;
    // The slot was one of another status: the next turn says whether there is one of this.
    if (now.status !== issue.status) return;
    const claimedAt = clock.now();
    if (!(await records.claims.take({ issueId, project, claimedAt }))) return;
    const claim: Claim = {
      issueId,
      ref: now.ref,
      project,
      claimedAt,
      agentId: null,
      turns: 0,
      failures: 0,
      nextAt: null,
      ended: null,
    };
    await begin({ ...emptyView, claim, issue: now }, false, rules);
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
      await startNew(issue, rules);
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
    await begin(current, step.resume, rules);
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
      const now = clock.now();
      const slots = countSlots(rules?.limit ?? { total: 0, perStatus: {} }, statusesOf(known.views));
      const slotsUsed = slots.used;
      const { start, others } =
        rules === null ? { start: [], others: [] } : await starts(known.views, rules, problem, slots, known.spentToday);
      return {
        rules,
        paused: problem,
        warning: rules && warningOf(rules.when),
        claims: known.views.map(({ claim, issue, agent, spent, ...view }) => {
          const step = rules && decideClaim({ claim, issue, agent, spent, ...view }, rules, now);
          return {
            claim,
            issue,
            agent,
            spent,
            why: claim.ended ?? (issue && freshly.whyNot(claim.issueId)) ?? whyOf(step, { claim, issue, agent }, slots),
          };
        }),
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

function warningOf(when: DispatchRules["when"]): string | null {
  if (!isForEverything(when)) return null;
  const statuses = when.status.map((status) => statusLabels[status]).join(" or ");
  return `The rules name no label, assignee or project: every issue that is ${statuses} starts an agent, whosever it is.`;
}

const emptyView = {
  agent: null,
  setByHandAt: null,
  problem: null,
  spent: { cost: 0, tokens: 0 },
  spentToday: { cost: 0, tokens: 0 },
};

/** The statuses of the issues that have a slot. */
function statusesOf(views: readonly ClaimView[]) {
  return views.filter(holdsSlot).map(({ issue }) => issue?.status ?? ("in_progress" as const));
}

function whyOf(
  step: ClaimStep | null,
  view: Pick<ClaimView, "claim" | "issue" | "agent">,
  slots: Slots,
): string | null {
  if (step === null) return null;
  if (step.do === "wait" || step.do === "let_go" || step.do === "finish") return step.why;
  return step.do === "begin" && view.issue !== null && !holdsSlot(view) ? slots.full(view.issue.status) : null;
}
