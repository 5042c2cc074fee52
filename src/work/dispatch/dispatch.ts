import { type Agent, type Claim, isLiving } from "../../domain/agent.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";
import { repeat } from "../repeat.ts";
import { backoffMs, type ClaimStep, type ClaimView, decideClaim, holdsSlot } from "./decide-claim.ts";
import { type DispatchIssue, isMatching } from "./dispatch-issue.ts";
import type { DispatchParts } from "./dispatch-parts.ts";
import { createFreshReader } from "./fresh-reader.ts";
import { planStarts, type Starts } from "./plan-starts.ts";
import { countSlots, type Slots } from "./slots.ts";
import { ofToday, type Spending, spendingOf } from "./spending.ts";

/** How dispatch stands, for `GET /api/dispatch` and `pan dispatch`. */
export type DispatchPlan = Starts & {
  /** null: dispatch is off. */
  readonly rules: DispatchRules | null;
  /** Why nothing new starts whatever matches. */
  readonly paused: string | null;
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
/** Enough to count what a day cost. */
const endedAgents = 1_000;
const startedBy = "dispatch";

export function createDispatch(parts: DispatchParts): Dispatch {
  const { records, clock } = parts;
  const stopping = new AbortController();
  const freshly = createFreshReader(parts);
  /** Why something could not be started, for people to see. */
  const problems = new Map<number, string>();
  let looking: Promise<void> = Promise.resolve();

  async function viewOf(claim: Claim, agents: readonly Agent[], spentToday: Spending): Promise<ClaimView> {
    const found = await parts.issue(claim.issueId);
    const own = agents.filter(
      ({ issue, startedAt }) => issue.issueId === claim.issueId && startedAt >= claim.claimedAt,
    );
    const agent = own.reduce<Agent | null>((last, one) => (last === null || one.id > last.id ? one : last), null);
    return {
      claim,
      issue: found?.issue ?? null,
      setByHandAt: found?.setByHandAt ?? null,
      agent,
      problem: problems.get(claim.issueId) ?? null,
      spent: spendingOf(own),
      spentToday,
    };
  }

  async function views() {
    const agents = await records.agents.list({ endedLimit: endedAgents });
    const spentToday = spendingOf(
      ofToday(
        agents.filter(({ actor }) => actor === startedBy),
        clock.now(),
      ),
    );
    const claims = await records.claims.list();
    return { spentToday, views: await Promise.all(claims.map((claim) => viewOf(claim, agents, spentToday))) };
  }

  /** One claim; gives what is known of it afterwards, null where it is no claim any more. */
  async function care(view: ClaimView, rules: DispatchRules): Promise<ClaimView | null> {
    if (view.claim.ended !== null) return carryOut(decideClaim(view, rules, clock.now()), view);
    const current = await freshly.read(view.claim.issueId, rereadMs).then((read) => (read ? renewed(view) : view));
    // What cannot be read is left alone until it can.
    if (freshly.whyNot(view.claim.issueId) !== null) return current;
    return carryOut(decideClaim(current, rules, clock.now()), current);
  }

  async function renewed(view: ClaimView): Promise<ClaimView> {
    const found = await parts.issue(view.claim.issueId);
    return { ...view, issue: found?.issue ?? null, setByHandAt: found?.setByHandAt ?? null };
  }

  async function carryOut(step: ClaimStep, view: ClaimView): Promise<ClaimView | null> {
    const { claim, agent } = view;
    const { issueId } = claim;
    switch (step.do) {
      case "wait":
      // Turns begin when all have been looked after, as far as there are slots.
      case "begin":
        return view;
      case "release":
        await records.claims.release(issueId);
        forget(issueId);
        return null;
      case "note":
        await records.claims.update(issueId, step.patch);
        return { ...view, claim: { ...claim, ...step.patch } };
      case "stop_stalled":
        if (agent !== null) await parts.agents.stop(agent.id, step.why);
        await records.claims.update(issueId, step.patch);
        return { ...view, claim: { ...claim, ...step.patch }, agent: null };
      case "let_go":
        if (agent !== null && isLiving(agent.state)) await parts.agents.stop(agent.id, step.why);
        await records.claims.update(issueId, { ended: step.why, nextAt: null });
        return { ...view, claim: { ...claim, ended: step.why, nextAt: null }, agent: null };
      case "finish":
        if (agent !== null && isLiving(agent.state)) await parts.agents.stop(agent.id, `the issue is ${step.why}`);
        await cleanUp(agent);
        await records.claims.release(issueId);
        forget(issueId);
        return null;
    }
  }

  /** A workspace with work that is nowhere else stays; the list of workspaces says why. */
  async function cleanUp(agent: Agent | null): Promise<void> {
    if (agent === null || agent.workspaceId === null) return;
    try {
      await parts.agents.stopIn(agent.workspaceId);
      await parts.workspaces.remove(agent.workspaceId, { force: false });
    } catch (error) {
      if (!isPanopticonError(error)) throw error;
    }
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
    const before = await views();
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
      const known = await views();
      const now = clock.now();
      const slots = countSlots(rules?.limit ?? { total: 0, perStatus: {} }, statusesOf(known.views));
      const slotsUsed = slots.used;
      const { start, others } =
        rules === null ? { start: [], others: [] } : await starts(known.views, rules, problem, slots, known.spentToday);
      return {
        rules,
        paused: problem,
        claims: known.views.map(({ claim, issue, agent, spent, ...view }) => {
          const step = rules && decideClaim({ claim, issue, agent, spent, ...view }, rules, now);
          return {
            claim,
            issue,
            agent,
            spent,
            why: claim.ended ?? freshly.whyNot(claim.issueId) ?? whyOf(step, { claim, issue, agent }, slots),
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
