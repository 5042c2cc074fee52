import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Emulator } from "../../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { assertMirrorEquals, readAllCards } from "../../../test/support/compare.ts";
import { createTestMirror } from "../../../test/support/mirror.ts";
import { syncInPeace, untilSettled } from "../../../test/support/settle-on-clock.ts";
import { type Act, act, faultsOf, type Fate } from "../../../test/support/undo-model/acts.ts";
import { createModel } from "../../../test/support/undo-model/model.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { isPanopticonError } from "../../domain/error.ts";
import { resolveRef } from "../../server/find/resolve-ref.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { Store } from "../../store/store.ts";
import { subjectOf } from "../../trackers/conformance/subject-of.ts";
import { trackers } from "../../trackers/registry.ts";
import type { ChangeBy, IssuePatch } from "../changes.ts";
import { createChanges } from "../create-changes.ts";

// One undo is one step of the user, whatever the outbox folds, sends, gets refused or drops meanwhile: compared with a stack of steps as the model, against the
// trackers' emulators.

const you: ChangeBy = { actor: { kind: "user" }, session: "browser 1" };
const statuses = ["backlog", "in_progress", "done"] as const;

async function run(tracker: string, acts: readonly Act[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "panopticon-undo-"));
  const clock = createVirtualClock();
  const emulator = await startEmulator(tracker, { issues: 4, seed: 7, sources: 1, closed: 0, now: clock.now });
  const mirror = await createTestMirror([emulator], { clock, folder });
  try {
    // The trackers reformat some texts.
    for (const { nativeId } of emulator.world.issues()) emulator.world.edit(nativeId, { body: "A body" });
    await syncInPeace(mirror, clock, false);
    await play(emulator, mirror, clock, acts);
  } finally {
    await mirror.close();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function play(
  emulator: Emulator,
  mirror: Awaited<ReturnType<typeof createTestMirror>>,
  clock: ReturnType<typeof createVirtualClock>,
  acts: readonly Act[],
): Promise<void> {
  const { store, sync } = mirror;
  const { tracker } = emulator;
  const subject = await subjectOf(tracker);
  const resolve = (ref: string) => resolveRef(ref, { trackers, board: store.board });
  const changes = createChanges({ store, sync, trackers, clock, resolve });
  const settled = <T>(work: Promise<T>) => untilSettled(work, clock);
  const definition = trackers.find(({ id }) => id === tracker);
  assert.ok(definition);
  const cards = (await readAllCards(store)).filter(({ status }) => status === "backlog").slice(0, 2);
  assert.equal(cards.length, 2);
  /** The issues that steps change; the third one is created. */
  const ids: number[] = cards.map(({ id }) => id);
  const [row] = await store.sources.list();
  assert.ok(row);
  const meant = new Set((row.mapping?.statusRules ?? []).flatMap(({ label }) => (label === undefined ? [] : [label])));
  const ofPriority = new Set(
    (row.mapping?.priorityRules ?? []).flatMap((rule) => ("label" in rule ? [rule.label] : [])),
  );
  const { labels } = await store.sources.vocabulary(row.id);
  const label = labels.find(({ name }) => !meant.has(name) && !ofPriority.has(name) && !name.includes("::"));
  assert.ok(label);
  const model = createModel();
  /** Ids of the created comments, as returned on creation, with their issues. */
  const comments: { readonly id: string; readonly issueId: number }[] = [];

  const look = async (index: number, which: "wanted" | "shown" = "wanted") => {
    const { wanted, shown, status } = await store.outbox.issue(ids[index] ?? 0);
    const seen = which === "wanted" ? wanted : { issue: shown, status };
    return new Map<string, unknown>([
      [`${index} title`, seen.issue.title],
      [`${index} body`, seen.issue.body],
      [`${index} label`, seen.issue.labelIds.includes(label.id)],
      [`${index} status`, seen.status],
    ]);
  };
  /** Whether the issue exists: it was created, and that was not undone. */
  const isThere = (index: number) => index < ids.length && (index < 2 || model.wanted.get("2 is") === true);
  for (const index of ids.keys()) for (const [about, value] of await look(index)) model.wanted.set(about, value);
  const firstTitles = [0, 1].map((index) => String(model.wanted.get(`${index} title`)));

  /** Returns null if the change was made, or why not. */
  const refusalOf = async (work: Promise<unknown>): Promise<string | null> => {
    try {
      await settled(work);
      return null;
    } catch (error) {
      if (!isPanopticonError(error)) throw error;
      return error.code;
    }
  };

  const edit = async (index: number, patch: IssuePatch, changed: ReadonlyMap<string, unknown>) => {
    const id = ids[index];
    if (id === undefined || !isThere(index)) return;
    const shown = await look(index, "shown");
    if ((await refusalOf(changes.edit(id, patch, you))) === null) model.step(changed, shown);
  };

  const titleOf = (index: number, at: number) => ["A", "B", "C", firstTitles[index] ?? "D"][at] ?? "";

  const take = async (one: Act): Promise<void> => {
    switch (one.kind) {
      case "title":
        return edit(
          one.issue,
          { title: titleOf(one.issue, one.pick) },
          new Map([[`${one.issue} title`, titleOf(one.issue, one.pick)]]),
        );
      case "body": {
        const body = `Body ${one.pick}`;
        return edit(one.issue, { body }, new Map([[`${one.issue} body`, body]]));
      }
      case "label":
      case "title and label": {
        const isAdded = one.pick % 2 === 0;
        const patch = isAdded ? { addLabels: [label.name] } : { removeLabels: [label.name] };
        const changed = new Map<string, unknown>([[`${one.issue} label`, isAdded]]);
        if (one.kind === "label") return edit(one.issue, patch, changed);
        changed.set(`${one.issue} title`, titleOf(one.issue, one.pick));
        return edit(one.issue, { ...patch, title: titleOf(one.issue, one.pick) }, changed);
      }
      case "move": {
        // A workflow may have no transition.
        if (definition.writing.choices) return;
        const status = statuses[one.pick % statuses.length] ?? "done";
        return edit(one.issue, { status }, new Map([[`${one.issue} status`, status]]));
      }
      case "bulk": {
        const title = `Both ${one.pick}`;
        const refs: string[] = [];
        const shown = new Map<string, unknown>();
        for (const [index, id] of ids.entries()) {
          if (!isThere(index)) continue;
          refs.push((await store.board.card(id)).address);
          for (const [about, value] of await look(index, "shown")) shown.set(about, value);
        }
        const results = await settled(changes.bulk(refs, { title }, you));
        const taken = results.flatMap(({ error }, index) => (error === null ? [index] : []));
        return model.step(new Map(taken.map((index) => [`${index} title`, title])), shown);
      }
      case "comment": {
        const id = ids[one.issue];
        if (id === undefined || !isThere(one.issue)) return;
        const { commentId } = await settled(changes.comment(id, `Comment ${comments.length}`, you));
        comments.push({ id: commentId, issueId: id });
        const about = `comment ${comments.length - 1}`;
        return model.step(new Map([[about, `Comment ${comments.length - 1}`]]), new Map());
      }
      case "edit comment":
      case "delete comment": {
        const at = comments.length - 1 - (one.pick % 2);
        const comment = comments[at];
        const isEdit = one.kind === "edit comment";
        const body = isEdit ? `Comment ${at} as ${one.pick}` : undefined;
        if (comment === undefined || model.wanted.get(`comment ${at}`) === undefined) return;
        const refusal = await refusalOf(
          isEdit
            ? changes.editComment(comment.issueId, comment.id, String(body), you)
            : changes.deleteComment(comment.issueId, comment.id, you),
        );
        if (refusal === null) model.step(new Map([[`comment ${at}`, body]]), new Map());
        return;
      }
      case "create": {
        if (ids.length > 2) return;
        const type = row.form?.types.find(({ creatable, needsParent }) => creatable && !needsParent)?.name;
        const { issueId } = await settled(
          changes.create({ source: row.config.key, title: "Made here", body: "Body", type }, you),
        );
        ids.push(issueId);
        for (const [about, value] of await look(2)) model.wanted.set(about, value);
        model.push(new Map([["2 is", false]]));
        model.wanted.set("2 is", true);
        return;
      }
      case "undo":
        return undo();
      case "deliver":
        if (one.fate !== "taken") emulator.faults.add(faultsOf(subject, one.fate));
        await settled(sync.deliver(20_000));
        emulator.faults.clear();
        return noteWritten();
      case "drop":
        return drop(one.pick);
      case "retry":
        return retry();
    }
  };

  const undo = async (): Promise<void> => {
    const last = model.last();
    const refusal = await refusalOf(changes.undo(you));
    if (refusal === null) {
      assert.ok(last !== undefined, "there was a step to take back");
      model.undo();
    } else if (refusal === "not_found") assert.equal(last, undefined, "no step is left");
    else assert.equal(refusal, "busy", `an undo is not refused as ${refusal}`);
  };

  /** Records the wanted values that the tracker has by now. */
  const noteWritten = async (): Promise<void> => {
    for (const index of ids.keys()) {
      if (!isThere(index)) continue;
      const operations = await store.outbox.listOf(ids[index] ?? 0);
      const open = operations.filter(({ settledAt }) => settledAt === null);
      const touched = new Set(open.flatMap(({ fields }) => fields.map(({ field }) => field)));
      if (open.some(({ kind }) => kind === "create")) continue;
      for (const [about, field] of [["title"], ["body"], ["label", "labels"], ["status"]]) {
        if (!touched.has((field ?? about) as "title")) model.written(`${index} ${about}`);
      }
    }
    for (const [at, comment] of comments.entries()) {
      const id = await store.outbox.commentId(comment.issueId, comment.id);
      const operations = await store.outbox.listOf(comment.issueId);
      const isOpen = operations.some(
        ({ settledAt, uuid, payload }) => settledAt === null && (payload.comment?.id === id || id.endsWith(uuid)),
      );
      if (!isOpen) model.written(`comment ${at}`);
    }
  };

  const refused = async () => (await store.outbox.list()).filter(({ state }) => state === "refused");

  const drop = async (at: number): Promise<void> => {
    const some = (await refused()).filter(({ kind }) => kind === "edit" || kind === "edit_comment");
    const operation = some[at % Math.max(1, some.length)];
    if (operation === undefined) return;
    const before = await describe(operation);
    await changes.drop(operation.id);
    for (const [about, value] of before) model.giveUp(about, value);
  };

  /** The tracker's values of the fields of a refused operation. */
  const describe = async (operation: Operation): Promise<ReadonlyMap<string, unknown>> => {
    const index = ids.indexOf(operation.issueId);
    if (operation.kind === "edit_comment") {
      const { id, before } = operation.payload.comment ?? {};
      for (const [at, comment] of comments.entries()) {
        if ((await store.outbox.commentId(comment.issueId, comment.id)) === id)
          return new Map([[`comment ${at}`, before]]);
      }
      throw new Error("a comment that nobody made");
    }
    const { base, shown, status } = await store.outbox.issue(operation.issueId);
    const values = new Map<string, unknown>();
    const isMove = operation.fields.some(({ field }) => field === "status");
    for (const { field } of operation.fields) {
      if (field === "title" || field === "body") values.set(`${index} ${field}`, base[field]);
      else if (field === "labels" && !isMove) values.set(`${index} label`, shown.labelIds.includes(label.id));
      else if (field === "status") values.set(`${index} status`, status);
    }
    return values;
  };

  const retry = async (): Promise<void> => {
    for (const { id } of await refused()) await changes.retry(id);
  };

  const check = async (): Promise<void> => {
    for (const index of ids.keys()) {
      if (!isThere(index)) continue;
      for (const [about, value] of await look(index)) assert.equal(value, model.wanted.get(about), about);
    }
  };

  for (const one of acts) {
    await take(one);
    await check();
  }
  let isForbidden = false;
  for (let round = 0; (await store.outbox.list()).length > 0; round += 1) {
    assert.ok(round < 20, `the outbox comes to rest: ${JSON.stringify(await store.outbox.list())}`);
    await retry();
    await clock.advance(120_000);
    await settled(sync.deliver(60_000));
    assert.deepEqual(
      (await store.outbox.list()).filter(({ state }) => state === "conflict"),
      [],
    );
    // Taken back while its tracker could not be asked, it is canceled as far as the workflow allows that; if it does not, the user is told, and leaves it.
    for (const { id, issueId, reason } of await refused()) {
      if (issueId !== ids[2] || isThere(2) || !/workflow does not allow/.test(reason?.message ?? "")) continue;
      isForbidden = true;
      await changes.drop(id);
    }
  }
  await syncInPeace(mirror, clock, false);
  await check();
  await assertMirrorEquals(store, [emulator]);
  await checkComments(emulator, store, model.wanted, comments);
  if (ids.length > 2 && !isThere(2)) {
    const made = await store.outbox.issue(ids[2] ?? 0).catch(() => null);
    assert.ok(
      made === null || isForbidden || made.status === "canceled",
      "what was made and taken back is canceled, if it was sent",
    );
  }
  assert.deepEqual(await store.check(), []);
}

/** Checks that each comment is in its tracker once with the wanted text, or not at all. */
async function checkComments(
  { world }: Emulator,
  store: Store,
  wanted: ReadonlyMap<string, unknown>,
  comments: readonly { readonly issueId: number }[],
): Promise<void> {
  for (const [at, { issueId }] of comments.entries()) {
    if (world.comments === undefined) break;
    const gone = await store.outbox.issue(issueId).then(
      () => false,
      () => true,
    );
    if (gone) continue;
    const { base } = await store.outbox.issue(issueId);
    const there = world.comments(base.nativeId).map((comment) => comment.body);
    const own = there.filter((text) => new RegExp(`Comment ${at}(?!\\d)`).test(text));
    const body = wanted.get(`comment ${at}`);
    assert.equal(own.length, body === undefined ? 0 : 1, `comment ${at} is there once, if at all`);
    if (typeof body === "string") assert.ok(own[0]?.includes(body), `${own[0]} is ${body}`);
  }
}

const ofComment = { issue: 0, pick: 0 };
const deliver = (fate: Fate): Act => ({ kind: "deliver", fate });
const remove: Act = { kind: "delete comment", ...ofComment };
/** Written deletions that are undone, with each outcome of that. */
const examples: [Act[]][] = (["taken", "answer to a new one lost", "limited", "unreachable"] as const).map((fate) => [
  [
    { kind: "comment", ...ofComment },
    deliver("taken"),
    { kind: "edit comment", ...ofComment },
    deliver("taken"),
    remove,
    deliver("taken"),
    { kind: "undo" },
    deliver(fate),
    remove,
    deliver("taken"),
    { kind: "undo" },
    { kind: "undo" },
    deliver(fate),
    { kind: "edit comment", ...ofComment },
    deliver("taken"),
    { kind: "undo" },
    { kind: "undo" },
    { kind: "undo" },
  ],
]);
const runs = Number(process.env["UNDO_RUNS"] ?? 12);
for (const tracker of process.env["UNDO_TRACKERS"]?.split(",") ?? emulatedTrackers) {
  test(`${tracker}: each undo reverts one step, on the board and in the tracker, whatever its outcome`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 25 }), (acts) => run(tracker, acts)),
      { numRuns: runs, endOnFailure: process.env["SHRINK"] === undefined, examples },
    );
  });
}
