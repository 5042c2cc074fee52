import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { Emulator } from "../../../emulators/emulator.ts";
import { startEmulator } from "../../../emulators/start.ts";
import { isPanopticonError } from "../../../src/domain/error.ts";
import { type FieldChange, isScalarChange, isSetChange, newLabelId } from "../../../src/domain/operation.ts";
import { valueOf, withChange } from "../../../src/domain/overlay.ts";
import { movesTo } from "../../../src/domain/outward.ts";
import { statusOf } from "../../../src/domain/mapping.ts";
import { statuses } from "../../../src/domain/status.ts";
import type { Author, EditableIssue, Operation } from "../../../src/store/outbox/outbox.ts";
import type { Store } from "../../../src/store/store.ts";
import { blankDraft } from "../blank-draft.ts";
import { assertMirrorEquals, readAllCards } from "../compare.ts";
import { type Acknowledged, checkAcknowledged } from "./check-acknowledged.ts";
import { createCrashPoint } from "./crashing.ts";
import { createTestMirror, type TestMirror } from "../mirror.ts";
import { syncInPeace, untilSettled } from "../settle-on-clock.ts";
import { assertReplayEquals, type Seen, see } from "./replay.ts";
import type { Simulation } from "./simulation.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { watchLimits } from "./watch-limits.ts";
import { type SimulatedStep, simulatedSteps } from "./write-steps.ts";

const by: Author = { actor: "you", session: "simulation" };

/** Runs random simulations against one tracker; `ended` is called for each. Throws fast-check's report. */
export async function simulateWrites(
  { tracker, runs }: Simulation,
  { seed, ended }: { readonly seed?: number; readonly ended?: () => void } = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(simulatedSteps, fc.nat(), async (steps, choice) => {
      const folder = await mkdtemp(join(tmpdir(), "panopticon-writes-"));
      try {
        await runWriteSimulation({ tracker, steps, choice, folder });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
      ended?.();
    }),
    { numRuns: runs, endOnFailure: process.env["SHRINK"] === undefined, ...(seed !== undefined && { seed }) },
  );
}

/** Runs one simulation and checks the invariants at its quiet end. Throws a failed assertion. */
async function runWriteSimulation(options: {
  readonly tracker: string;
  readonly steps: readonly SimulatedStep[];
  readonly choice: number;
  /** The data's location, which survives crashes. */
  readonly folder: string;
}): Promise<void> {
  const clock = createVirtualClock();
  const emulator = await startEmulator(options.tracker, { issues: 8, seed: 7, sources: 1, now: clock.now });
  const run = createRun(options, emulator, clock);
  try {
    await run.open();
    await syncInPeace(run.mirror(), clock, false);
    const seen = await see(run.mirror().store);
    for (const step of options.steps) await run.take(step);
    await run.quiet();
    await run.check(seen);
  } finally {
    await run.close();
    await emulator.close();
  }
}

/** A label that the tracker may not have yet: few of them, so that several issues use one first at the same time. */
function newLabel(pick: number): { readonly id: string } {
  return { id: newLabelId(`new-${pick % 2}`) };
}

function createRun(
  { folder, choice }: { readonly folder: string; readonly choice: number },
  emulator: Emulator,
  clock: VirtualClock,
) {
  let mirror: TestMirror | null = null;
  let point = createCrashPoint();
  const acknowledged = new Set<number>();
  const made: Acknowledged["made"][number][] = [];
  /** Texts in the order in which the user wrote them. */
  const texts: Acknowledged["texts"][number][] = [];
  /** Operations for which the user kept the tracker's value. */
  const left = new Set<number>();
  const vanished = new Set<string>();
  /** The first time two cards represented one issue. */
  let shownTwice: unknown = null;
  let tokens = 0;
  const token = () => `token${(tokens += 1)}x`;

  const current = (): TestMirror => {
    assert.ok(mirror);
    return mirror;
  };

  const limits = watchLimits(clock);

  async function open(): Promise<void> {
    point = createCrashPoint(limits.died);
    mirror = await createTestMirror([emulator], {
      clock,
      folder,
      crash: { wrap: (part) => watched(point.wrap(part)) },
    });
    const [pause] = Object.values(await mirror.store.sources.pauses());
    limits.began(pause?.until ?? 0);
  }

  /** Wraps the engine's parts: after each write from a tracker, checks that it brought no duplicate of a card. */
  function watched<T extends object>(part: T): T {
    if (!("mirror" in part)) return part;
    const { mirror: own } = part as unknown as Store;
    const applyPage: Store["mirror"]["applyPage"] = async (...page) => {
      const applied = await own.applyPage(...page);
      await checkShownOnce().catch((error: unknown) => void (shownTwice ??= error));
      return applied;
    };
    const wrapped = new Proxy(own, {
      get: (target, name) => (name === "applyPage" ? applyPage : Reflect.get(target, name)),
    });
    return new Proxy(part, { get: (target, name) => (name === "mirror" ? wrapped : Reflect.get(target, name)) });
  }

  /** All texts are unique, so no two cards may ever show, or represent tracker issues with, the same one. */
  async function checkShownOnce(): Promise<void> {
    const { store } = current();
    const shownBy = new Map<string, string>();
    for (const { id, ref } of await readAllCards(store)) {
      // Another task may delete an issue between the two reads.
      const issue = await store.outbox.issue(id).catch((error: unknown) => {
        if (isPanopticonError(error) && error.code === "not_found") return null;
        throw error;
      });
      if (issue === null) continue;
      const { base, shown } = issue;
      const texts = [base.title, base.body, shown.title, shown.body].join("\n");
      for (const word of new Set(texts.match(/token\d+x/g))) {
        const other = shownBy.get(word);
        assert.equal(other, undefined, `${ref} and ${other} stand for the same issue (${word})`);
        shownBy.set(word, ref);
      }
    }
  }

  async function crashIfDead(): Promise<void> {
    if (!point.crashed()) return;
    await current().close();
    await open();
  }

  /** Runs a step on the virtual clock; a crash ends it, and the program restarts. */
  async function act(work: () => Promise<unknown>): Promise<void> {
    try {
      await untilSettled(work(), clock);
    } catch (error) {
      if (!point.crashed()) throw error;
    }
    await crashIfDead();
    if (shownTwice !== null) throw shownTwice;
    await checkShownOnce();
  }

  async function localIssue(at: number): Promise<EditableIssue | null> {
    const cards = await readAllCards(current().store);
    const card = cards[at % Math.max(1, cards.length)];
    return card === undefined ? null : current().store.outbox.issue(card.id);
  }

  async function write(issue: EditableIssue, fields: readonly ("title" | "body")[]): Promise<void> {
    const changes = fields.map((field) => ({ field, from: issue.shown[field], to: `${field} ${token()}` }));
    const operation = await edit(issue, changes);
    if (operation === null) return;
    for (const { field, to } of changes) texts.push({ operation, field, token: to });
  }

  async function edit(issue: EditableIssue, fields: readonly FieldChange[]): Promise<number | null> {
    const { outbox } = current().store;
    const queued = await outbox.edit(issue.id, fields, by);
    if (queued.operation !== null) acknowledged.add(queued.operation);
    const { shown } = await outbox.issue(issue.id);
    const { title, body } = await current().store.board.detail(issue.id);
    assert.deepEqual(
      { title, body },
      { title: shown.title, body: shown.body },
      "the issue's page shows the edit at once",
    );
    for (const change of fields) {
      // Removing what the same change adds has no effect.
      if (isSetChange(change))
        assert.deepEqual(withChange(shown, change), shown, "what was asked for is shown at once");
      else if (isScalarChange(change)) assert.equal(valueOf(shown, change.field), change.to);
    }
    return queued.operation;
  }

  async function change(step: Extract<SimulatedStep, { issue: number; pick: number }>): Promise<void> {
    const issue = await localIssue(step.issue);
    if (issue === null) return;
    const { store } = current();
    const { labels, people } = await store.sources.vocabulary(issue.sourceId);
    switch (step.kind) {
      case "rename":
        return write(issue, ["title"]);
      case "rewrite":
        return write(issue, ["body"]);
      case "write-both":
        return write(issue, ["title", "body"]);
      case "move":
        return move(issue, step.pick);
      case "label": {
        const label = step.pick % 3 === 0 ? newLabel(step.pick) : labels[step.pick % Math.max(1, labels.length)];
        if (label === undefined) return;
        const has = issue.shown.labelIds.includes(label.id);
        await edit(issue, [{ field: "labels", add: has ? [] : [label.id], remove: has ? [label.id] : [] }]);
        return;
      }
      case "assign": {
        const person = people[step.pick % Math.max(1, people.length)];
        if (person === undefined) return;
        const others = issue.shown.assigneeIds.filter((id) => id !== person.id);
        await edit(issue, [{ field: "assignees", add: [person.id], remove: others }]);
        return;
      }
      case "comment": {
        const text = `Comment ${token()}`;
        const { operation } = await store.outbox.comment(issue.id, { kind: "comment", body: text }, by);
        assert.ok(operation !== null);
        acknowledged.add(operation);
        made.push({ operation, kind: "comment", token: text });
        return;
      }
      case "relate": {
        const other = await localIssue(step.pick);
        if (other === null || other.id === issue.id) return;
        const row = await store.sources.get(other.sourceId);
        const target = { nativeId: other.base.nativeId, key: other.base.key, sourceKey: row.config.key };
        const { operation } = await store.outbox.relate(
          issue.id,
          { kind: "relate", relation: { type: "blocks", target, id: null } },
          by,
        );
        if (operation !== null) acknowledged.add(operation);
        return;
      }
      default:
        return others(step);
    }
  }

  async function move(issue: EditableIssue, pick: number): Promise<void> {
    const { store } = current();
    const row = await store.sources.get(issue.sourceId);
    const { states, labels } = await store.sources.vocabulary(issue.sourceId);
    if (row.mapping === null) return;
    const names = new Map(labels.map((label) => [label.id, label.name]));
    const placed = {
      type: issue.shown.type,
      stateId: issue.shown.stateId,
      labels: issue.shown.labelIds.map((id) => names.get(id) ?? id.replace(/^name:/, "")),
    };
    const from = statusOf(row.mapping, placed);
    const to = statuses[pick % statuses.length] ?? "backlog";
    const [way] = movesTo(row.mapping, states, placed, to);
    if (way === undefined || from === to) return;
    const idOf = (name: string) => labels.find((label) => label.name === name)?.id ?? `name:${name}`;
    await edit(issue, [
      { field: "status", from, to },
      { field: "state", from: issue.shown.stateId, to: way.stateId },
      { field: "labels", add: way.addLabels.map(idOf), remove: way.removeLabels.map(idOf) },
    ]);
  }

  function others(step: Extract<SimulatedStep, { issue: number; pick: number }>): void {
    const { world } = emulator;
    const issues = world.issues();
    const issue = issues[step.issue % issues.length];
    if (issue === undefined) return;
    if (step.kind === "their-title") world.edit(issue.nativeId, { title: `Theirs ${token()}` });
    else if (step.kind === "their-comment") world.comment(issue.nativeId, `Their comment ${token()}`);
    else if (step.kind === "their-state") {
      const possible = world.issues(issue.sourceKey).map((one) => one.state);
      world.edit(issue.nativeId, { state: possible[step.pick % possible.length] ?? issue.state });
    } else if (issues.length > 4) {
      vanished.add(issue.nativeId);
      world.delete(issue.nativeId);
    }
  }

  async function handle(step: Extract<SimulatedStep, { kind: "drop" | "retry" | "resolve" }>): Promise<void> {
    const { outbox } = current().store;
    const listed = await outbox.list();
    const operation = listed[step.pick % Math.max(1, listed.length)];
    if (operation === undefined) return;
    try {
      if (step.kind === "drop") await outbox.drop(operation.id);
      else if (step.kind === "retry") await outbox.retry(operation.id);
      else if (operation.state === "conflict") await resolve(operation, step.pick);
    } catch (error) {
      // A change in flight cannot be dropped, and one of a deleted issue cannot be sent: both are reported, and nothing happens.
      if (!isPanopticonError(error) || !["conflict", "not_found", "gone"].includes(error.code)) throw error;
    }
  }

  async function resolve(operation: Operation, pick: number): Promise<void> {
    const choices = Object.fromEntries(
      operation.conflicts.map(({ field }, at) => [field, (pick + at) % 2 === 0 ? "mine" : "theirs"] as const),
    );
    if (Object.values(choices).includes("theirs")) left.add(operation.id);
    await current().store.outbox.resolve(operation.id, choices);
  }

  async function take(step: SimulatedStep): Promise<void> {
    switch (step.kind) {
      case "wait":
        return clock.advance(step.ms);
      case "their-create":
        emulator.world.create(emulator.sources[0]?.key ?? "", { title: `Theirs ${token()}` });
        return;
      case "create": {
        const title = `New ${token()}`;
        const [source] = await current().store.sources.list();
        assert.ok(source);
        const { operation } = await current().store.outbox.create(
          source.id,
          { ...blankDraft, title, body: `Body of ${title}` },
          by,
        );
        assert.ok(operation !== null);
        acknowledged.add(operation);
        made.push({ operation, kind: "create", token: title });
        return;
      }
      case "drop":
      case "retry":
      case "resolve":
        return handle(step);
      case "deliver":
      case "sync": {
        if (step.fault !== null) emulator.faults.add(step.fault);
        point.arm(step.crash);
        await act(() => (step.kind === "deliver" ? current().sync.deliver(60_000) : current().sync.syncNow()));
        point.arm(null);
        emulator.faults.clear();
        return;
      }
      default:
        return change(step);
    }
  }

  async function quiet(): Promise<void> {
    emulator.faults.clear();
    for (let round = 0; ; round += 1) {
      const listed = await current().store.outbox.list();
      if (listed.length === 0) break;
      assert.ok(round < 60, `the outbox does not come to rest: ${JSON.stringify(listed)}`);
      for (const operation of listed) {
        if (operation.state === "refused") requireReason(operation);
        if (operation.state === "refused") await current().store.outbox.drop(operation.id);
        else if (operation.state === "conflict") await resolve(operation, choice + round);
        // Twins are reported until the user acknowledges them.
        else if (operation.state === "written") await current().store.outbox.keepTwins(operation.id);
      }
      await clock.advance(61_000);
      await untilSettled(current().sync.deliver(60_000), clock);
    }
  }

  /** Everything the user does here is allowed, so trackers refuse only what has become impossible meanwhile. */
  function requireReason({ kind, fields, reason }: Operation): void {
    const code = reason?.code ?? "none";
    const isPossible =
      code === "gone" ||
      (code === "not_found" && vanished.size > 0) ||
      // Relations have rules of the trackers' own: no circles, one between two issues, the same type.
      kind === "relate" ||
      // Jira's workflow does not allow every move.
      (emulator.tracker === "jira" && fields.some(({ field }) => field === "state"));
    assert.ok(isPossible, `the ${kind} ${JSON.stringify(fields)} was refused: ${JSON.stringify(reason)}`);
  }

  async function check(seen: Seen): Promise<void> {
    const { store } = current();
    // Incremental syncs only, because a sweep would hide a cursor that skipped a change (I3).
    await syncInPeace(current(), clock, false);
    await assertMirrorEquals(store, [emulator], vanished);
    await syncInPeace(current(), clock, true);
    await assertMirrorEquals(store, [emulator]);
    await checkAcknowledged(store, emulator, { acknowledged, made, texts, left });
    limits.check();
    await assertReplayEquals(store, seen);
    assert.deepEqual(await store.check(), []);
  }

  return {
    open,
    take,
    quiet,
    check,
    mirror: current,
    async close() {
      await mirror?.close();
      limits.end();
    },
  };
}
