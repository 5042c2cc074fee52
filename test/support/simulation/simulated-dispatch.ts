import { type Agent, type Claim, isLiving } from "../../../src/domain/agent.ts";
import { PanopticonError } from "../../../src/domain/error.ts";
import type { DispatchRules } from "../../../src/domain/work-settings.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { stoppedBeforeItBegan } from "../../../src/work/agents/end-agent.ts";
import { createDispatch, type Dispatch } from "../../../src/work/dispatch/dispatch.ts";
import type { DispatchIssue } from "../../../src/work/dispatch/dispatch-issue.ts";
import type { DispatchParts } from "../../../src/work/dispatch/dispatch-parts.ts";
import { makeAgent, makeIssue } from "../../../src/work/dispatch/fixture.ts";

/** The simulated process died in the middle of a call. */
export class Death extends Error {}

type Known = { issue: DispatchIssue; setByHandAt: number | null };

/**
 * The state that survives a process (claims, agents, issues), with a process that can die before or after the effect of any call. Trackers, git and tmux are
 * not simulated: the end-to-end tests cover them.
 */
export function simulateWorld(count: number, rules: DispatchRules) {
  const clock = createVirtualClock();
  const claims = new Map<number, Claim>();
  const agents: Agent[] = [];
  const unreadable = new Set<number>();
  /** Issues whose tracker is too slow to respond. */
  const slow = new Set<number>();
  /** Issues that were read, in order. */
  const reads: number[] = [];
  /** Why no agent can start; null: they can. */
  const starting: { refusal: string | null } = { refusal: null };
  /** Workspaces whose running processes were ended. */
  const emptied: number[] = [];
  const issues = new Map<number, Known>();
  /** Changes in the tracker, seen when an issue is read. */
  const fresh = new Map<number, Partial<DispatchIssue>>();
  const file: { rules: DispatchRules | null; problem: string | null } = { rules, problem: null };
  /** Status moves caused by agents' states, applied before a turn. */
  let move = (): void => undefined;
  for (let issueId = 1; issueId <= count; issueId += 1) {
    issues.set(issueId, { issue: makeIssue({ issueId, labels: ["agent"] }), setByHandAt: null });
  }
  /** Calls until the process dies; negative: never. */
  let fuse = -1;
  const doubled: number[] = [];
  /** Workspace removals that were requested. */
  const removals: { readonly id: number; readonly force: boolean }[] = [];
  /** Workspaces with work that is nowhere else. */
  const withWork = new Set<number>();
  /** Workspaces in which `after_run` is running. */
  const afterRun = new Set<number>();
  let process: Dispatch = createDispatch(makeParts());

  async function call<T>(effect: () => T): Promise<T> {
    await Promise.resolve();
    burn();
    const result = effect();
    burn();
    return result;
  }
  function burn(): void {
    if (fuse < 0) return;
    fuse -= 1;
    if (fuse < 0) throw new Death();
  }

  const living = () => agents.filter(({ state }) => isLiving(state));
  const change = (id: number, patch: Partial<Agent>) => {
    const index = agents.findIndex((agent) => agent.id === id);
    const agent = agents[index];
    if (agent !== undefined) agents[index] = { ...agent, since: clock.now(), ...patch };
    return agents[index];
  };
  const changeIssue = (issueId: number, part: Partial<DispatchIssue>, byHand = false) => {
    const known = issues.get(issueId);
    if (known === undefined) return;
    known.issue = { ...known.issue, ...part };
    if (byHand) known.setByHandAt = clock.now();
  };

  function begin(issueId: number, again: Agent | null, name = "the project's"): Agent {
    if (living().some(({ issue }) => issue.issueId === issueId)) {
      doubled.push(issueId);
      throw new PanopticonError("conflict", "An agent is at work already.");
    }
    const at = clock.now();
    if (again !== null) {
      const agent = change(again.id, {
        state: "starting",
        startedAt: at,
        endedAt: null,
        reason: null,
        turn: again.turn + 1,
      });
      if (agent !== undefined) return agent;
    }
    const known = issues.get(issueId)?.issue;
    const issue = { issueId, ref: known?.ref ?? "", title: "", tracker: "alpha" };
    const own = { id: agents.length + 1, workspaceId: issueId, issue, name };
    const agent = makeAgent({ ...own, state: "starting", startedAt: at, since: at });
    agents.push(agent);
    return agent;
  }

  function makeParts(): DispatchParts {
    return {
      clock,
      records: {
        claims: {
          list: () => call(() => [...claims.values()]),
          take: ({ issueId, project, claimedAt }) =>
            call(() => {
              if (claims.has(issueId)) return false;
              const blank = { agentId: null, turns: 0, failures: 0, nextAt: null, ended: null };
              claims.set(issueId, { issueId, ref: `shop#${issueId}`, project, claimedAt, ...blank });
              return true;
            }),
          update: (issueId, patch) =>
            call(() => {
              const claim = claims.get(issueId);
              if (claim !== undefined) claims.set(issueId, { ...claim, ...patch });
            }),
          release: (issueId) => call(() => void claims.delete(issueId)),
        },
        agents: {
          list: () => call(() => [...agents]),
        } as unknown as DispatchParts["records"]["agents"],
      },
      agents: {
        start: ({ issue, name }) =>
          call(() => {
            if (starting.refusal !== null) throw new PanopticonError("not_found", starting.refusal);
            const agent = begin(issue.issueId, null, name);
            return { agent, running: Promise.resolve(agent) };
          }),
        resume: (id) =>
          call(() => {
            const before = agents.find((one) => one.id === id) ?? null;
            const agent = begin(before?.issue.issueId ?? 0, before);
            return { agent, running: Promise.resolve(agent) };
          }),
        stop: (id, reason) =>
          call(() => {
            const agent = agents.find((one) => one.id === id);
            if (agent === undefined) throw new PanopticonError("not_found", "Agent not found.");
            return isLiving(agent.state) ? (change(id, { state: "stopped", reason: reason ?? null }) ?? agent) : agent;
          }),
        stopIn: (id) => call(() => void emptied.push(id)),
        isAfterRun: (id) => afterRun.has(id),
      },
      removeWorkspace: (id, { force }) =>
        call(() => {
          removals.push({ id, force });
          if (withWork.has(id) && !force) throw new PanopticonError("conflict", "Work would be lost.");
          return { kept: null };
        }),
      rules: () => ({ ...file }),
      candidates: () =>
        call(() =>
          [...issues.values()].map(({ issue }) => ({
            ...issue,
            agentState: agents.findLast((agent) => agent.issue.issueId === issue.issueId)?.state ?? null,
          })),
        ),
      issue: (issueId) => call(() => issues.get(issueId) ?? null),
      reread: (issueId) =>
        call(() => {
          reads.push(issueId);
          if (slow.has(issueId)) throw new DOMException("The operation timed out.", "TimeoutError");
          if (unreadable.has(issueId)) throw new PanopticonError("unreachable", "It does not answer.");
          changeIssue(issueId, fresh.get(issueId) ?? {});
        }),
      withoutCheckout: () => null,
      settled: () => call(() => move()),
    };
  }

  return {
    clock,
    claims,
    agents,
    issues,
    fresh,
    file,
    unreadable,
    slow,
    reads,
    starting,
    emptied,
    doubled,
    removals,
    withWork,
    afterRun,
    living,
    change,
    changeIssue,
    /** Runs one turn. Returns true if the process died in it and was replaced. */
    async look(diesAfter = -1): Promise<boolean> {
      fuse = diesAfter;
      try {
        await process.look();
        return false;
      } catch (error) {
        if (!(error instanceof Death)) throw error;
        // Anything still in flight in the dead process has no effect.
        fuse = 0;
        await new Promise((resolve) => setImmediate(resolve));
        fuse = -1;
        for (const agent of living()) {
          if (agent.state === "starting") change(agent.id, { state: "failed", reason: stoppedBeforeItBegan });
        }
        process = createDispatch(makeParts());
        return true;
      } finally {
        fuse = -1;
      }
    },
    plan: () => process.plan(),
    /** Sets the moves to apply when a turn starts. */
    onSettled(made: () => void): void {
      move = made;
    },
  };
}
