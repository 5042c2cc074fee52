import assert from "node:assert/strict";
import type { Act } from "./acts.ts";
import {
  addressOf,
  asMentioned,
  expectedComment,
  type Field,
  fields,
  isOnComment,
  isOnRelation,
  isOpen,
  type ModelComment,
  ofIssue,
  pageOf,
  type ShownModel,
  storeOf,
  token,
  touches,
  type Values,
  valuesOf,
  valueThere,
  waitingOf,
} from "./model.ts";

const statuses = ["backlog", "in_progress", "done"] as const;

/** Changes fields of an issue: `patch` as the API takes it, `changed` as the model has it. */
export async function edit(
  model: ShownModel,
  issue: number,
  patch: Record<string, unknown>,
  changed: Partial<Values>,
): Promise<void> {
  const { wanted, stage } = model;
  const before = wanted[issue];
  if (before === undefined) return;
  const shown = await pageOf(model, issue);
  const answer = await stage.ask<{ change: string }>("PATCH", addressOf(model, issue), patch);
  model.last = null;
  if ("code" in answer) return;
  // A value that is shown already changes nothing, and what was wanted before keeps waiting for the user.
  const now = valuesOf(model, shown);
  const real = Object.fromEntries(Object.entries(changed).filter(([field, value]) => now[field as Field] !== value));
  wanted[issue] = { ...before, ...real };
  const isPlain = Object.keys(real).length === Object.keys(changed).length && shown.sync.state !== "failed";
  if (isPlain && shown.sync.state !== "conflict") {
    model.last = { change: answer.body.change, restore: () => void (wanted[issue] = before) };
  }
}

/** Changes the fields that an act names. */
export async function editBy(model: ShownModel, { kind, issue, pick }: Act): Promise<void> {
  const text = () => `Mine ${token(model)}`;
  const set = (values: Partial<Values>) => edit(model, issue, values, values);
  const isAdded = pick % 2 === 0;
  const { label, login } = model;
  switch (kind) {
    case "title":
    case "body":
      return set({ [kind]: text() });
    case "title and body":
      return set({ title: text(), body: text() });
    case "mention": {
      const { ref } = await pageOf(model, issue === 0 ? 1 : 0);
      return set({ body: `${text()} see ${asMentioned(ref)} there` });
    }
    case "label":
      return edit(model, issue, isAdded ? { addLabels: [label] } : { removeLabels: [label] }, { label: isAdded });
    case "assignee": {
      const patch = isAdded ? { addAssignees: [login] } : { removeAssignees: [login] };
      return edit(model, issue, patch, { assignee: isAdded });
    }
    case "move":
      return set({ status: statuses[pick % statuses.length] ?? "done" });
    case "due date":
      return set({ dueDate: pick === 0 ? null : `2026-12-0${pick}` });
    case "estimate":
      return set({ estimate: pick === 0 ? null : pick });
    case "priority":
      return model.hasPriority ? set({ priority: pick % 5 }) : undefined;
    case "cycle": {
      const cycle = pick === 0 ? null : (model.cycles[pick % Math.max(1, model.cycles.length)] ?? null);
      return set({ cycle });
    }
    case "parent":
      // Not the new one, whose ref changes once its tracker names it.
      return set({ parent: pick % 3 === 0 ? null : (await pageOf(model, issue === 0 ? 1 : 0)).ref });
  }
}

/** Adds, edits or deletes a comment of the user's own. */
export async function comment(model: ShownModel, { kind, issue, pick }: Act): Promise<void> {
  const { stage, comments } = model;
  const place = `${addressOf(model, issue)}/comments`;
  if (kind === "comment") {
    const body = `Own ${token(model)}`;
    const answer = await stage.ask<{ id: string; change: string }>("POST", place, { body });
    if ("code" in answer) return;
    const made: ModelComment = { issue, id: answer.body.id, wanted: body, written: null };
    comments.push(made);
    model.last = { change: answer.body.change, restore: () => void (made.wanted = null) };
    return;
  }
  const known = comments.filter((one) => one.issue === issue);
  const chosen = known[pick % Math.max(1, known.length)];
  if (chosen === undefined) return;
  const own = ofIssue(model, await waitingOf(model), issue);
  if ((await expectedComment(model, chosen, own)) === null) return;
  const body = kind === "edit comment" ? `Own ${token(model)}` : null;
  const path = `${place}/${encodeURIComponent(chosen.id)}`;
  const answer = await (body === null ? stage.ask("DELETE", path) : stage.ask("PATCH", path, { body }));
  model.last = null;
  if ("body" in answer) chosen.wanted = body;
}

/** Relates the first two issues, from either end, or ends that. */
export async function relate(model: ShownModel, { kind, pick }: Act): Promise<void> {
  const { stage, relation, related, refs } = model;
  const [here, other] = pick % 2 === 0 ? [0, 1] : [1, 0];
  const type = here === 0 || relation === "relates" ? relation : "blocked_by";
  model.last = null;
  const place = `${addressOf(model, here)}/relations`;
  if (kind === "relate") {
    const answer = await stage.ask("POST", place, { type, ref: refs[other] });
    if ("body" in answer) related.wanted = true;
    return;
  }
  const { ref } = await pageOf(model, other);
  const shown = (await pageOf(model, here)).relations.find((known) => known.type === type && known.ref === ref);
  if (shown === undefined || shown.origin !== "tracker") return;
  const answer = await stage.ask("DELETE", `${place}/${encodeURIComponent(shown.id)}`);
  if ("body" in answer) related.wanted = false;
}

/** Creates the third issue. */
export async function create(model: ShownModel): Promise<void> {
  const { refs, source, stage } = model;
  if (refs.length > 2) return;
  const type = source.form?.types.find(({ creatable, needsParent }) => creatable && !needsParent)?.name;
  const [title, body] = [`Made ${token(model)}`, `Made ${token(model)}`];
  const draft = { source: source.config.key, title, body, type };
  const answer = await stage.ask<{ ref: string }>("POST", "/api/issues", draft);
  model.last = null;
  if ("code" in answer) return;
  refs.push(answer.body.ref);
  const { id } = (await storeOf(model).board.findLocal(answer.body.ref)) ?? assert.fail();
  model.issueIds.set(2, id);
  const shown = valuesOf(model, await pageOf(model, 2));
  assert.deepEqual([shown.title, shown.body], [title, body]);
  // The tracker may choose one.
  model.wanted.push({ ...shown, priority: undefined });
  model.statusThere.push(null);
}

/** Undoes the last change, if nothing happened since. */
export async function undo(model: ShownModel): Promise<void> {
  const { last } = model;
  if (last === null) return;
  const answer = await model.stage.ask("POST", "/api/undo", { change: last.change });
  if ("body" in answer) last.restore();
  model.last = null;
}

/** Gives up an entry of the outbox, or sends it again. */
export async function dropOrRetry(model: ShownModel, { kind, pick }: Act): Promise<void> {
  const { stage, wanted, related, relation } = model;
  const some = (await waitingOf(model)).filter((operation) => operation.kind !== "create");
  const operation = some[pick % Math.max(1, some.length)];
  if (operation === undefined) return;
  const answer = await stage.ask("POST", `/api/outbox/${operation.id}/${kind}`, kind === "retry" ? {} : undefined);
  model.last = null;
  if ("code" in answer || kind === "retry") return;
  const left = await waitingOf(model);
  const issue = [...model.issueIds].find(([, id]) => id === operation.issueId)?.[0] ?? assert.fail();
  const shown = await pageOf(model, issue);
  for (const field of fields) {
    const isLeft = ofIssue(model, left, issue).some((one) => touches(one, field));
    const now = wanted[issue];
    if (!touches(operation, field) || isLeft || now === undefined) continue;
    wanted[issue] = { ...now, [field]: valueThere(model, shown, issue, field) ?? valuesOf(model, shown)[field] };
  }
  for (const one of model.comments) {
    if (!(await isOnComment(model, operation, one))) continue;
    let isLeft = false;
    for (const other of left) isLeft ||= await isOnComment(model, other, one);
    if (!isLeft) one.wanted = one.written;
  }
  if (!isOnRelation(operation)) return;
  const isShown = async () =>
    (await pageOf(model, 0)).relations.some(({ type, origin }) => type === relation && origin === "tracker");
  related.wanted = left.some((one) => isOpen(one) && isOnRelation(one)) ? await isShown() : related.written;
}
