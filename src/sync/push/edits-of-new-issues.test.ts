import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Fault } from "../../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { assertMirrorEquals } from "../../../test/support/compare.ts";
import { createTestMirror } from "../../../test/support/mirror.ts";
import { syncInPeace, untilSettled } from "../../../test/support/settle-on-clock.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { statusOf } from "../../domain/mapping.ts";
import { type FieldChange, isScalarChange, isSetChange, type NativeDraft } from "../../domain/operation.ts";
import { movesTo } from "../../domain/outward.ts";
import { valueOf } from "../../domain/overlay.ts";
import { type Status, statuses } from "../../domain/status.ts";
import type { Store } from "../../store/store.ts";
import { findTracker } from "../../trackers/registry.ts";

// Changes a new issue at any moment: before its create is sent, while it is in flight, while its outcome is unknown, after a pull brought the issue, and
// between the engine's steps in these. The latest requested value is always shown, and reaches the tracker in the end.

const edit = fc.record({
  field: fc.constantFrom("title", "body", "status", "dueDate", "estimate", "priority", "label", "assignee"),
  pick: fc.nat({ max: 3 }),
});
type Edit = typeof edit extends fc.Arbitrary<infer One> ? One : never;

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("edit" as const), edit }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("deliver" as const, "deliver" as const, "pull" as const),
      fault: fc.constantFrom("lost-answer" as const, "drop" as const, "error-after" as const, null),
      /** Edits during this step, each after the given number of further store calls. */
      during: fc.array(fc.record({ calls: fc.nat({ max: 4 }), edit }), { maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.nat({ max: 70_000 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const scenario = fc.record({
  draft: fc.array(edit, { maxLength: 5 }),
  steps: fc.array(step, { minLength: 2, maxLength: 10 }),
});

for (const tracker of emulatedTrackers) {
  test(`${tracker}: a new issue moved while its create is unknown is not moved back to a status that the create could not set`, async () => {
    const status = (pick: number): Edit => ({ field: "status", pick });
    const deliver: Step = { kind: "deliver", fault: null, during: [] };
    const moveOn: Step = { kind: "edit", edit: status(1) };
    await run(tracker, [status(2)], [{ ...deliver, fault: "lost-answer" }, moveOn, deliver]);
    await run(tracker, [status(2)], [{ ...deliver, fault: "lost-answer" }, moveOn, { ...deliver, kind: "pull" }]);
    await run(tracker, [status(2)], [{ ...deliver, during: [{ calls: 0, edit: status(1) }] }]);
    await run(tracker, [], [{ ...deliver, fault: "lost-answer" }, moveOn, { kind: "edit", edit: status(0) }, deliver]);
  });

  test(`${tracker}: a new issue shows and writes the latest requested values, whenever they were requested`, async () => {
    await fc.assert(
      fc.asyncProperty(scenario, ({ draft, steps }) => run(tracker, draft, steps)),
      { numRuns: Number(process.env["RUNS"] ?? 20), endOnFailure: process.env["SHRINK"] === undefined },
    );
  });
}

const by = { actor: "you", session: "s1" };

async function run(tracker: string, drafted: readonly Edit[], steps: readonly Step[]): Promise<void> {
  const clock = createVirtualClock();
  const emulator = await startEmulator(tracker, { issues: 8, seed: 7, sources: 1, now: clock.now });
  const folder = await mkdtemp(join(tmpdir(), "panopticon-edits-"));
  const calls = watchCalls();
  const mirror = await createTestMirror([emulator], { clock, folder, crash: { wrap: calls.wrap } });
  try {
    await syncInPeace(mirror, clock, false);
    const issue = await createIssue(mirror.store, tracker, drafted);
    for (const one of steps) {
      if (one.kind === "wait") await clock.advance(one.ms);
      else if (one.kind === "edit") await issue.edit(one.edit);
      else {
        if (one.fault !== null) emulator.faults.add({ kind: one.fault, method: "POST", times: 1 } satisfies Fault);
        const rest = [...one.during];
        let left = rest[0]?.calls ?? 0;
        calls.afterEach(async () => {
          await issue.check();
          while (left <= 0) {
            const next = rest.shift();
            if (next === undefined) break;
            await issue.edit(next.edit);
            left = rest[0]?.calls ?? 0;
          }
          left -= 1;
        });
        await untilSettled<unknown>(
          one.kind === "deliver" ? mirror.sync.deliver(10_000) : mirror.sync.syncNow(),
          clock,
        );
        calls.afterEach(null);
        emulator.faults.clear();
      }
      await issue.check();
    }
    calls.afterEach(issue.check);
    for (let round = 0; (await mirror.store.outbox.list()).length > 0; round += 1) {
      const listed = await mirror.store.outbox.list();
      assert.ok(round < 20, `the outbox does not come to rest: ${JSON.stringify(listed)}`);
      for (const { id, state } of listed) if (state === "refused") await mirror.store.outbox.drop(id);
      await clock.advance(61_000);
      await untilSettled(mirror.sync.deliver(60_000), clock);
    }
    await syncInPeace(mirror, clock, true);
    await issue.check();
    await assertMirrorEquals(mirror.store, [emulator]);
    assert.deepEqual(await mirror.store.check(), []);
    assert.deepEqual(calls.failures, []);
  } finally {
    await mirror.close();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a callback right after each store call of the engine. */
function watchCalls() {
  let after: (() => Promise<void>) | null = null;
  const failures: unknown[] = [];
  const names = new Set(["begin", "planned", "stepDone", "postpone", "settle", "named", "applyPage"]);
  function wrap<T extends object>(part: T): T {
    return new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value === "object" && value !== null) return wrap(value);
        if (typeof value !== "function" || !names.has(String(name))) return value;
        return async (...args: unknown[]) => {
          const result: unknown = await Reflect.apply(value, target, args);
          await after?.().catch((error: unknown) => void failures.push(error));
          return result;
        };
      },
    });
  }
  return {
    wrap: <T extends object>(part: T): T => ("mirror" in part ? wrap(part) : part),
    failures,
    afterEach: (next: typeof after) => void (after = next),
  };
}

/** A new issue and the latest requested value of each field. */
async function createIssue(store: Store, tracker: string, drafted: readonly Edit[]) {
  const [source] = await store.sources.list();
  assert.ok(source?.mapping);
  const { mapping } = source;
  const vocabulary = await store.sources.vocabulary(source.id);
  const labels = new Map(vocabulary.labels.map(({ id, name }) => [id, name]));
  const labelId = (name: string) => vocabulary.labels.find((label) => label.name === name)?.id ?? `name:${name}`;
  const nameOf = (id: string) => labels.get(id) ?? id.replace(/^name:/, "");
  const definition = findTracker(tracker);
  assert.ok(definition);
  const { capabilities, writing } = definition;
  const has = (field: "dueDate" | "estimate" | "priority", { type }: Shown) =>
    capabilities[field] && (source.form?.types.find(({ name }) => name === type)?.has?.includes(field) ?? true);
  const scalars = new Map<string, unknown>();
  const members = new Map<string, boolean>();
  let status: Status | null = null;
  let texts = 0;

  type Shown = Awaited<ReturnType<Store["outbox"]["issue"]>>["shown"];
  const statusOfShown = (shown: Shown) =>
    statusOf(mapping, { stateId: shown.stateId, labels: shown.labelIds.map(nameOf) });

  function changes({ field, pick }: Edit, shown: Shown): readonly FieldChange[] {
    const scalar = (name: "title" | "body" | "dueDate" | "estimate" | "priority", to: string | number | null) => [
      { field: name, from: valueOf(shown, name), to } as const,
    ];
    switch (field) {
      case "title":
      case "body":
        return scalar(field, `${field} ${pick === 0 ? (texts += 1) : pick}`);
      case "dueDate":
        return has(field, shown) ? scalar(field, pick === 0 ? null : `2026-12-0${pick}`) : [];
      case "estimate":
        return has(field, shown) ? scalar(field, pick === 0 ? null : pick) : [];
      case "priority": {
        const natives = mapping.priorityRules.flatMap((rule) =>
          "nativePriority" in rule && rule.nativePriority != null ? [rule.nativePriority] : [],
        );
        const native = natives[pick % Math.max(1, natives.length)];
        return native === undefined || !has(field, shown) ? [] : scalar(field, native);
      }
      case "label": {
        const meaning = new Set(mapping.statusRules.map(({ label }) => label));
        const label = vocabulary.labels.filter(({ name }) => !meaning.has(name))[pick];
        if (label === undefined) return [];
        const isOne = shown.labelIds.includes(label.id);
        return [{ field: "labels", add: isOne ? [] : [label.id], remove: isOne ? [label.id] : [] }];
      }
      case "assignee": {
        const person = vocabulary.people[pick];
        if (person === undefined) return [];
        const isOne = shown.assigneeIds.includes(person.id);
        const others = writing.assignees === "one" ? shown.assigneeIds.filter((id) => id !== person.id) : [];
        return [{ field: "assignees", add: isOne ? [] : [person.id], remove: isOne ? [person.id] : others }];
      }
      case "status": {
        const from = statusOfShown(shown);
        const to = statuses[[0, 2, 4, 5][pick] ?? 0] ?? "backlog";
        const placed = { type: shown.type, stateId: shown.stateId, labels: shown.labelIds.map(nameOf) };
        const [way] = movesTo(mapping, vocabulary.states, placed, to);
        if (way === undefined || from === to) return [];
        return [
          { field: "status", from, to },
          { field: "state", from: shown.stateId, to: way.stateId },
          { field: "labels", add: way.addLabels.map(labelId), remove: way.removeLabels.map(labelId) },
        ];
      }
    }
  }

  function note(fields: readonly FieldChange[]): void {
    for (const change of fields) {
      if (isSetChange(change)) {
        for (const id of change.remove)
          members.set(`${change.field} ${change.field === "labels" ? nameOf(id) : id}`, false);
        for (const id of change.add)
          members.set(`${change.field} ${change.field === "labels" ? nameOf(id) : id}`, true);
      } else if (isScalarChange(change)) {
        if (change.from !== change.to) scalars.set(change.field, change.to);
      } else if (change.field === "status") status = change.to;
    }
  }

  /** A field reset to none before anything was requested takes the tracker's default. */
  function leaveDefaults(): void {
    const unasked = {
      dueDate: draft.dueDate,
      estimate: draft.estimate,
      priority: draft.nativePriority,
    };
    for (const [field, asked] of Object.entries(unasked)) {
      if (asked === null && scalars.get(field) === valueOf(blank, field as "dueDate")) scalars.delete(field);
    }
  }

  // The draft results from applying the edits to an empty one.
  let draft: NativeDraft = { ...blankDraft, title: "New", body: "Text" };
  const { issueId, operation } = await store.outbox.create(source.id, draft, by);
  const { shown: blank } = await store.outbox.issue(issueId);
  for (const one of drafted) {
    const { shown } = await store.outbox.issue(issueId);
    const fields = changes(one, shown);
    if (fields.length === 0) continue;
    await store.outbox.edit(issueId, fields, by);
    note(fields);
  }
  ({ draft } = (await store.outbox.get(operation ?? 0)).payload as { draft: NativeDraft });
  scalars.set("title", draft.title);
  scalars.set("body", draft.body);
  leaveDefaults();

  const log: unknown[] = [["draft", draft]];
  async function check(): Promise<void> {
    const { shown, base } = await store.outbox.issue(issueId);
    // Only the tracker's workflow knows which moves it allows.
    for (const { state, fields } of await store.outbox.list()) {
      if (state !== "refused" && state !== "conflict") continue;
      assert.ok(state === "refused" && fields.some(({ field }) => field === "state"), JSON.stringify(fields));
      status = null;
      scalars.delete("state");
    }
    const told = () => JSON.stringify([log, base.nativeId]);
    for (const [field, value] of scalars) assert.equal(valueOf(shown, field as "title"), value, `${field} ${told()}`);
    if (status !== null) assert.equal(statusOfShown(shown), status, told());
    const present = new Set([
      ...shown.labelIds.map((id) => `labels ${nameOf(id)}`),
      ...shown.assigneeIds.map((id) => `assignees ${id}`),
    ]);
    for (const [member, is] of members) assert.equal(present.has(member), is, `${member} ${told()}`);
  }
  return {
    check,
    async edit(one: Edit): Promise<void> {
      const { shown, base } = await store.outbox.issue(issueId);
      const fields = changes(one, shown);
      if (fields.length === 0) return;
      const operations = (await store.outbox.listOf(issueId)).map(({ id, kind, state }) => `${id} ${kind} ${state}`);
      log.push([base.nativeId, fields, operations]);
      await store.outbox.edit(issueId, fields, by);
      note(fields);
      leaveDefaults();
      await check();
    },
  };
}
