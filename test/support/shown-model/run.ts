import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { openStates } from "../../../src/domain/operation.ts";
import type { Operation } from "../../../src/store/outbox/outbox.ts";
import { type Subject } from "../../../src/trackers/conformance/stage.ts";
import { assertMirrorEquals, readAllCards } from "../compare.ts";
import { assertReplayEquals, see } from "../simulation/replay.ts";
import { untilFaultsMet } from "../until-faults-met.ts";
import { faultsOf } from "../undo-model/acts.ts";
import type { Act } from "./acts.ts";
import { checkReadsAgree, search } from "./check-reads.ts";
import { patienceMs, type ShownStage } from "./stage.ts";

const fields = ["title", "body", "label", "assignee", "status", "priority", "dueDate", "estimate", "parent"] as const;
type Field = (typeof fields)[number];
type Value = string | number | boolean | null;
/** undefined: not known to the model. */
type Values = Record<Field, Value | undefined>;
type Comment = {
  readonly issue: number;
  readonly id: string;
  /** What the user wrote last, and what the tracker has; null: none. */
  wanted: string | null;
  written: string | null;
};

const statuses = ["backlog", "in_progress", "done"] as const;

/** Plays acts, and compares all reads with a model of what must be shown after each: what was accepted, else what the tracker has. */
export async function playShown(
  stage: ShownStage,
  subject: Pick<Subject, "writing">,
  acts: readonly Act[],
): Promise<void> {
  const { emulator, clock } = stage;
  const { world, tracker } = emulator;
  const store = () => stage.mirror().store;
  for (const { nativeId } of world.issues()) world.edit(nativeId, { body: "A body" });
  await stage.poll();

  const cards = await readAllCards(store());
  // Rally relates stories only with each other.
  const chosen = cards.filter(
    ({ key, status }) => status === "backlog" && (tracker !== "rally" || key.startsWith("US")),
  );
  const refs = chosen.slice(0, 2).map(({ address }) => address);
  assert.equal(refs.length, 2, "there are two issues to change");
  const [source] = await store().sources.list();
  assert.ok(source);
  const vocabulary = await store().sources.vocabulary(source.id);
  const meant = new Set([
    ...(source.mapping?.statusRules ?? []).flatMap((rule) => rule.label ?? []),
    ...(source.mapping?.priorityRules ?? []).flatMap((rule) => ("label" in rule ? [rule.label] : [])),
  ]);
  const label = vocabulary.labels.find(({ name }) => !meant.has(name) && !name.includes("::"))?.name ?? assert.fail();
  const relation = tracker === "gitlab" ? "relates" : "blocks";
  const hasPriority = vocabulary.priorities.length > 0;

  // In GitLab's texts, "!4" is a merge request.
  const asMentioned = (ref: string) => ref.replace("!", "#");

  const at = (issue: number) => `/api/issues/${encodeURIComponent(refs[issue] ?? "")}`;
  const page = (issue: number) => stage.get<IssueDetailShape>(at(issue));
  const login = (await readAllCards(store())).flatMap(({ assignees }) => assignees.map((one) => one.login))[0] ?? "me";
  const parentOf = ({ parent, relations }: IssueDetailShape) =>
    parent?.ref ?? relations.find(({ type }) => type === "parent")?.ref ?? null;
  const valuesOf = (shown: IssueDetailShape): Values => ({
    title: shown.title,
    body: shown.body,
    label: shown.labels.some(({ name }) => name === label),
    assignee: shown.assignees.some((one) => one.login === login),
    status: shown.status,
    priority: shown.priority,
    dueDate: shown.dueDate,
    estimate: shown.estimate,
    // Some trackers cannot keep it; then a link does.
    parent: parentOf(shown),
  });

  const wanted: Values[] = [];
  /** The status in the tracker, as far as the model knows it. */
  const statusThere: (string | null)[] = [];
  for (const issue of [0, 1]) {
    wanted.push(valuesOf(await page(issue)));
    statusThere.push(String(wanted[issue]?.status));
  }
  const comments: Comment[] = [];
  const related = { wanted: false, written: false };
  const tokens: string[] = [];
  const token = () => {
    const made = `zq${tokens.length}x`;
    tokens.push(made);
    return made;
  };
  /** The last change and how the model was before it; undone only if nothing happened since. */
  let last: { readonly change: string; readonly restore: () => void } | null = null;

  const waiting = async () => (await store().outbox.list()).filter(({ settledAt }) => settledAt === null);
  const isOpen = ({ state }: Operation) => openStates.includes(state);
  const idOf = async (issue: number) => (await store().board.findLocal(refs[issue] ?? ""))?.id;
  const issueIds = new Map<number, number>(chosen.slice(0, 2).map(({ id }, index) => [index, id]));
  const ofIssue = (operations: readonly Operation[], issue: number) =>
    operations.filter(({ issueId }) => issueId === issueIds.get(issue));
  const touches = ({ kind, fields: changed }: Operation, field: Field) =>
    kind === "edit" &&
    changed.some((change) =>
      field === "label"
        ? change.field === "labels"
        : field === "assignee"
          ? change.field === "assignees"
          : change.field === field,
    );
  const onComment = async (operation: Operation, { id, issue }: Comment) => {
    const present = await store().outbox.commentId(issueIds.get(issue) ?? 0, id);
    return `new:${operation.uuid}` === id || operation.payload.comment?.id === present;
  };

  /** The tracker's value, as far as the model knows it. */
  const there = (shown: IssueDetailShape, issue: number, field: Field): Value | undefined => {
    if (field === "status") return statusThere[issue] ?? undefined;
    const real = world.issues().find(({ nativeId }) => nativeId === shown.nativeId);
    if (real === undefined) return undefined;
    if (field === "label") return real.labels.includes(label);
    if (field === "assignee") return real.assignees.includes(login);
    // GitHub's emulator shows the marker of a creation that is sent again; readers do not.
    if (field === "body") return real.body.replace(/^<!-- panopticon:[^>]*-->\n?/, "");
    return field === "title" ? real.title : undefined;
  };

  async function expectedComment(comment: Comment, operations: readonly Operation[]): Promise<string | null> {
    const own: Operation[] = [];
    for (const operation of operations) if (await onComment(operation, comment)) own.push(operation);
    return own.length > 0 && !own.some(isOpen) ? comment.written : comment.wanted;
  }

  async function check(what: string): Promise<void> {
    const operations = await waiting();
    const pages = await checkReadsAgree(stage);
    const found = new Map(tokens.map((one) => [one, new Set<string>()]));
    const note = (text: string | null, ref: string) => {
      for (const [one, set] of found) if (text !== null && text.includes(one)) set.add(ref);
    };
    for (const issue of refs.keys()) {
      const shown = await page(issue);
      const own = ofIssue(operations, issue);
      for (const field of fields) {
        const changing = own.filter((operation) => touches(operation, field));
        const isBack = changing.length > 0 && !changing.some(isOpen);
        const value = isBack ? there(shown, issue, field) : wanted[issue]?.[field];
        if (value !== undefined) assert.equal(valuesOf(shown)[field], value, `${field} of ${shown.ref} after ${what}`);
      }
      const state = own.some((one) => one.state === "refused")
        ? "failed"
        : own.some((one) => one.state === "conflict")
          ? "conflict"
          : own.length > 0
            ? "pending"
            : "synced";
      assert.equal(shown.sync.state, state, `the state of ${shown.ref} after ${what}`);
      note(shown.title, shown.ref);
      note(shown.body, shown.ref);
      const mine: string[] = [];
      for (const comment of comments.filter((one) => one.issue === issue)) {
        const text = await expectedComment(comment, own);
        note(text, shown.ref);
        if (text !== null) mine.push(text);
      }
      assert.deepEqual(
        shown.comments.flatMap(({ body }) => (body.startsWith("Own ") ? [body] : [])).toSorted(),
        mine.toSorted(),
        `comments of ${shown.ref} after ${what}`,
      );
    }
    for (const [one, set] of found) {
      assert.deepEqual(new Set(await search(stage, one)), set, `the search for ${one} after ${what}`);
    }
    const [first, second] = [await page(0), await page(1)];
    const links = operations.filter(({ kind }) => kind === "relate" || kind === "unrelate");
    const isRelated = links.length > 0 && !links.some(isOpen) ? related.written : related.wanted;
    const isShown = first.relations.some(
      ({ type, ref, origin }) => type === relation && ref === second.ref && origin === "tracker",
    );
    assert.equal(isShown, isRelated, `the relation after ${what}`);
    const mentions = (one: IssueDetailShape, other: IssueDetailShape) =>
      [one.body, ...one.comments.map(({ body }) => body)].some((text) =>
        ` ${text} `.includes(` ${asMentioned(other.ref)} `),
      );
    if (parentOf(first) === second.ref || parentOf(second) === first.ref) {
      assert.deepEqual(
        second.relations.filter(({ ref, origin }) => ref === first.ref && origin === "text"),
        [],
      );
    } else if (mentions(first, second) || mentions(second, first)) {
      assert.ok(
        second.relations.some(({ ref }) => ref === first.ref),
        `${second.ref} names the issue whose text mentions it, after ${what}`,
      );
    } else {
      const texts = second.relations.filter(({ ref, origin }) => ref === first.ref && origin === "text");
      assert.deepEqual(texts, [], `no text mentions another issue after ${what}`);
    }
    assert.equal(pages.length, (await readAllCards(store())).length);
  }

  async function edit(issue: number, patch: Record<string, unknown>, changed: Partial<Values>): Promise<void> {
    const before = wanted[issue];
    if (before === undefined) return;
    const shown = await page(issue);
    const answer = await stage.ask<{ change: string }>("PATCH", at(issue), patch);
    last = null;
    if ("code" in answer) return;
    // A value that is shown already changes nothing, and what was wanted before keeps waiting for the user.
    const now = valuesOf(shown);
    const real = Object.fromEntries(Object.entries(changed).filter(([field, value]) => now[field as Field] !== value));
    wanted[issue] = { ...before, ...real };
    const isPlain = Object.keys(real).length === Object.keys(changed).length && shown.sync.state !== "failed";
    if (isPlain && shown.sync.state !== "conflict") {
      last = { change: answer.body.change, restore: () => void (wanted[issue] = before) };
    }
  }

  /** Takes over what the tracker has by now. */
  async function settle(): Promise<void> {
    const operations = await waiting();
    for (const issue of refs.keys()) {
      const own = ofIssue(operations, issue);
      const now = wanted[issue];
      if (now === undefined) continue;
      if (!own.some((operation) => touches(operation, "status") || operation.kind === "create")) {
        statusThere[issue] = String(now.status);
      } else if (own.some((operation) => touches(operation, "status") && operation.stepsDone > 0)) {
        statusThere[issue] = null;
      }
      for (const comment of comments.filter((one) => one.issue === issue)) {
        let isSettled = true;
        for (const operation of own) if (await onComment(operation, comment)) isSettled = false;
        if (isSettled) comment.written = comment.wanted;
      }
    }
    const links = operations.filter(({ kind }) => kind === "relate" || kind === "unrelate");
    if (!links.some(isOpen)) {
      const { base } = await store().outbox.issue(issueIds.get(0) ?? 0);
      const { base: other } = await store().outbox.issue(issueIds.get(1) ?? 0);
      related.written = (base.relations ?? []).some(
        ({ type, targetId }) => type === relation && targetId === other.nativeId,
      );
      if (links.length === 0) related.wanted = related.written;
    }
  }

  async function deliver(fate: Extract<Act, { kind: "deliver" }>["fate"]): Promise<void> {
    const { sync } = stage.mirror();
    last = null;
    if (fate === "held") {
      // One change alone is on its way, so that nothing else moves while everything is read.
      await deliver("taken");
      const title = `Held ${token()}`;
      await edit(0, { title }, { title });
      emulator.faults.add({ kind: "held", times: 1, ...subject.writing?.writes.at(-1) });
      const delivered = sync.deliver(20_000);
      const isHeld = await Promise.race([
        untilFaultsMet(emulator).then(() => true),
        delivered.then(() => false),
        sleep(patienceMs, false, { ref: false }),
      ]);
      if (isHeld && (await waiting()).filter(isOpen).length === 1) {
        await check("the tracker has the change, and its answer is outstanding");
        const next = `Held ${token()}`;
        await edit(0, { title: next }, { title: next });
        await check("another edit while an answer is outstanding");
      }
      emulator.faults.clear();
      await stage.settled(delivered);
    } else {
      if (fate !== "taken") emulator.faults.add(faultsOf(subject, fate));
      await stage.settled(sync.deliver(20_000));
      emulator.faults.clear();
    }
    await settle();
  }

  /** What another person does, and a poll that brings it. */
  async function theirs(one: Act): Promise<void> {
    const { nativeId } = await page(one.issue);
    if (nativeId.startsWith("new:")) return;
    last = null;
    const text = `Theirs ${token()}`;
    const field = one.kind === "their title" ? "title" : "body";
    if (one.kind === "their comment") world.comment(nativeId, "Their comment");
    else {
      world.edit(nativeId, { [field]: text });
      const own = ofIssue(await waiting(), one.issue).filter((operation) => touches(operation, field));
      const now = wanted[one.issue];
      if (now !== undefined && !own.some(isOpen)) wanted[one.issue] = { ...now, [field]: text };
    }
    await stage.poll();
  }

  async function comment(one: Act): Promise<void> {
    if (one.kind === "comment") {
      const text = `Own ${token()}`;
      const answer = await stage.ask<{ id: string; change: string }>("POST", `${at(one.issue)}/comments`, {
        body: text,
      });
      if ("code" in answer) return;
      const made: Comment = { issue: one.issue, id: answer.body.id, wanted: text, written: null };
      comments.push(made);
      last = { change: answer.body.change, restore: () => void (made.wanted = null) };
      return;
    }
    const known = comments.filter(({ issue }) => issue === one.issue);
    const chosenOne = known[one.pick % Math.max(1, known.length)];
    if (chosenOne === undefined) return;
    if ((await expectedComment(chosenOne, ofIssue(await waiting(), one.issue))) === null) return;
    const text = one.kind === "edit comment" ? `Own ${token()}` : null;
    const path = `${at(one.issue)}/comments/${encodeURIComponent(chosenOne.id)}`;
    const answer = await stage.ask(
      text === null ? "DELETE" : "PATCH",
      path,
      text === null ? undefined : { body: text },
    );
    last = null;
    if ("body" in answer) chosenOne.wanted = text;
  }

  async function relate(one: Act): Promise<void> {
    const [here, other] = one.pick % 2 === 0 ? [0, 1] : [1, 0];
    const type = here === 0 || relation === "relates" ? relation : "blocked_by";
    last = null;
    if (one.kind === "relate") {
      const answer = await stage.ask("POST", `${at(here)}/relations`, { type, ref: refs[other] });
      if ("body" in answer) related.wanted = true;
      return;
    }
    const { ref } = await page(other);
    const shown = (await page(here)).relations.find((known) => known.type === type && known.ref === ref);
    if (shown === undefined || shown.origin !== "tracker") return;
    const answer = await stage.ask("DELETE", `${at(here)}/relations/${encodeURIComponent(shown.id)}`);
    if ("body" in answer) related.wanted = false;
  }

  async function create(): Promise<void> {
    if (refs.length > 2) return;
    const type = source?.form?.types.find(({ creatable, needsParent }) => creatable && !needsParent)?.name;
    const [title, body] = [`Made ${token()}`, `Made ${token()}`];
    const answer = await stage.ask<{ ref: string }>("POST", "/api/issues", {
      source: source?.config.key,
      title,
      body,
      type,
    });
    last = null;
    if ("code" in answer) return;
    refs.push(answer.body.ref);
    issueIds.set(2, (await idOf(2)) ?? assert.fail());
    const shown = valuesOf(await page(2));
    assert.deepEqual([shown.title, shown.body], [title, body]);
    // The tracker may choose one.
    wanted.push({ ...shown, priority: undefined });
    statusThere.push(null);
  }

  async function dropOrRetry({ kind, pick }: Act): Promise<void> {
    const some = (await waiting()).filter((operation) => operation.kind !== "create");
    const operation = some[pick % Math.max(1, some.length)];
    if (operation === undefined) return;
    const answer = await stage.ask("POST", `/api/outbox/${operation.id}/${kind}`, kind === "retry" ? {} : undefined);
    last = null;
    if ("code" in answer || kind === "retry") return;
    const left = await waiting();
    const issue = [...issueIds].find(([, id]) => id === operation.issueId)?.[0] ?? assert.fail();
    const shown = await page(issue);
    for (const field of fields) {
      const isLeft = ofIssue(left, issue).some((one) => touches(one, field));
      const now = wanted[issue];
      if (!touches(operation, field) || isLeft || now === undefined) continue;
      wanted[issue] = { ...now, [field]: there(shown, issue, field) ?? valuesOf(shown)[field] };
    }
    for (const one of comments) {
      if (!(await onComment(operation, one))) continue;
      let isLeft = false;
      for (const other of left) isLeft ||= await onComment(other, one);
      if (!isLeft) one.wanted = one.written;
    }
    if (operation.kind === "relate" || operation.kind === "unrelate") {
      const open = left.filter((one) => isOpen(one) && (one.kind === "relate" || one.kind === "unrelate"));
      if (open.length === 0) related.wanted = related.written;
      else
        related.wanted = (await page(0)).relations.some(
          ({ type, origin }) => type === relation && origin === "tracker",
        );
    }
  }

  async function take(one: Act): Promise<void> {
    const now = wanted[one.issue];
    if (one.kind !== "create" && one.kind !== "deliver" && now === undefined) return;
    const text = () => `Mine ${token()}`;
    switch (one.kind) {
      case "title": {
        const title = text();
        return edit(one.issue, { title }, { title });
      }
      case "body": {
        const body = text();
        return edit(one.issue, { body }, { body });
      }
      case "title and body": {
        const both = { title: text(), body: text() };
        return edit(one.issue, both, both);
      }
      case "mention": {
        const { ref } = await page(one.issue === 0 ? 1 : 0);
        const body = `${text()} see ${asMentioned(ref)} there`;
        return edit(one.issue, { body }, { body });
      }
      case "label": {
        const isAdded = one.pick % 2 === 0;
        return edit(one.issue, isAdded ? { addLabels: [label] } : { removeLabels: [label] }, { label: isAdded });
      }
      case "assignee": {
        const isAdded = one.pick % 2 === 0;
        const patch = isAdded ? { addAssignees: [login] } : { removeAssignees: [login] };
        return edit(one.issue, patch, { assignee: isAdded });
      }
      case "move": {
        const status = statuses[one.pick % statuses.length] ?? "done";
        return edit(one.issue, { status }, { status });
      }
      case "due date": {
        const dueDate = one.pick === 0 ? null : `2026-12-0${one.pick}`;
        return edit(one.issue, { dueDate }, { dueDate });
      }
      case "estimate": {
        const estimate = one.pick === 0 ? null : one.pick;
        return edit(one.issue, { estimate }, { estimate });
      }
      case "priority": {
        // Elsewhere it is a label, and the model of labels has one only.
        if (!hasPriority) return;
        return edit(one.issue, { priority: one.pick % 5 }, { priority: one.pick % 5 });
      }
      case "parent": {
        // Not the new one, whose ref changes once its tracker names it.
        const parent = one.pick % 3 === 0 ? null : (await page(one.issue === 0 ? 1 : 0)).ref;
        return edit(one.issue, { parent }, { parent });
      }
      case "comment":
      case "edit comment":
      case "delete comment":
        return comment(one);
      case "relate":
      case "unrelate":
        return relate(one);
      case "create":
        return create();
      case "undo": {
        if (last === null) return;
        const answer = await stage.ask("POST", "/api/undo", { change: last.change });
        if ("body" in answer) last.restore();
        last = null;
        return;
      }
      case "drop":
      case "retry":
        return dropOrRetry(one);
      case "their title":
      case "their body":
      case "their comment":
        return theirs(one);
      case "poll":
        return stage.poll();
      case "open":
        await stage.settled(stage.ask("GET", `${at(one.issue)}/comments`));
        return;
      case "restart":
        return stage.restart();
      case "deliver":
        return deliver(one.fate);
    }
  }

  for (const one of acts) {
    const seen = await see(store());
    await take(one);
    await check(JSON.stringify(one));
    await assertReplayEquals(store(), seen);
  }
  for (let round = 0; ; round += 1) {
    const left = await waiting();
    if (left.length === 0) break;
    assert.ok(round < 20, `the outbox comes to rest: ${JSON.stringify(left)}`);
    for (const { id, state } of left) {
      if (state === "refused" || state === "conflict") await stage.ask("POST", `/api/outbox/${id}/drop`);
    }
    await clock.advance(120_000);
    await stage.settled(stage.mirror().sync.deliver(60_000));
  }
  await stage.poll();
  await checkReadsAgree(stage);
  await assertMirrorEquals(store(), [emulator]);
  assert.deepEqual(await store().check(), []);
}
