import assert from "node:assert/strict";
import { test } from "node:test";
import type { Agent, AgentState } from "../../domain/agent.ts";
import { actorName } from "../../domain/operation.ts";
import type { Status } from "../../domain/status.ts";
import { makeAgent } from "../dispatch/fixture.ts";
import { moveBySignal, signalOf, type StatusPorts, type WorkSignal } from "./move-status.ts";

async function moved(
  status: Status,
  signal: Partial<WorkSignal>,
  options: {
    readonly byHandAt?: number;
    readonly setAt?: number;
    readonly allowed?: boolean;
    readonly isRepeated?: boolean;
  } = {},
): Promise<string | null> {
  let result: string | null = null;
  const ports: StatusPorts = {
    readStatus: async () => ({
      status,
      setByHandAt: options.byHandAt ?? null,
      setAt: options.setAt ?? options.byHandAt ?? null,
    }),
    moveStatus: async (_issueId, to, actor) => {
      result = `${to} by ${actorName(actor)}`;
    },
    mayMove: () => options.allowed ?? true,
  };
  await moveBySignal(
    ports,
    {
      issueId: 1,
      project: "shop",
      actor: { kind: "agent", name: "claude" },
      at: 100,
      kind: "started",
      ...signal,
    },
    { isRepeated: options.isRepeated ?? false },
  );
  return result;
}

test("signals move their issue", async () => {
  assert.equal(await moved("backlog", { kind: "planning" }), "planning by agent claude");
  assert.equal(await moved("planning", { kind: "started" }), "in_progress by agent claude");
  assert.equal(await moved("in_progress", { kind: "handed_in" }), "in_review by agent claude");
  assert.equal(await moved("in_review", { kind: "merged" }), "done by agent claude");
  assert.equal(await moved("in_progress", { kind: "started" }), null);
});

test("an agent's state moves its issue: in progress, planning, handed in if it has commits", () => {
  const kindOf = (state: AgentState, part: Partial<Agent> = {}, hasCommits = false) =>
    signalOf(makeAgent({ name: "claude", ...part }), state, 100, hasCommits)?.kind ?? null;
  assert.equal(kindOf("running"), "started");
  assert.equal(kindOf("running", { plan: true }), "planning");
  assert.equal(kindOf("finished", {}, true), "handed_in");
  assert.equal(kindOf("finished", {}, false), null);
  assert.equal(kindOf("finished", { plan: true }, true), null);
  for (const state of ["starting", "waiting", "failed", "stopped", "lost"] as const) assert.equal(kindOf(state), null);
  const gone = makeAgent({ issue: { issueId: null, ref: "shop#1", title: "", tracker: "github" } });
  assert.equal(signalOf(gone, "running", 100, false), null);
});

test("a status set by hand wins over an older signal, not over a newer one", async () => {
  assert.equal(await moved("backlog", { at: 100 }, { byHandAt: 101 }), null);
  assert.equal(await moved("backlog", { at: 100 }, { byHandAt: 99 }), "in_progress by agent claude");
});

test("a project can disable it, and finished work is not handed in again", async () => {
  assert.equal(await moved("backlog", {}, { allowed: false }), null);
  assert.equal(await moved("done", { kind: "handed_in" }), null);
  assert.equal(await moved("canceled", { kind: "handed_in" }), null);
});

test("a repeated signal counts unless the issue was moved since", async () => {
  const again = { isRepeated: true } as const;
  assert.equal(await moved("backlog", { at: 100 }, { ...again, setAt: 99 }), "in_progress by agent claude");
  assert.equal(await moved("in_review", { at: 100 }, { ...again, setAt: 101 }), null);
});
