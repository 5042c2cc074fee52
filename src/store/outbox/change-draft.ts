import { sql } from "kysely";
import type { NativeIssue } from "../../domain/issue.ts";
import {
  type FieldChange,
  isScalarChange,
  type NativeDraft,
  newLabelName,
  openStates,
} from "../../domain/operation.ts";
import { overlay, withMembers } from "../../domain/overlay.ts";
import type { Trx } from "../database/database.ts";
import { addressOf } from "./issue-address.ts";
import { updateOperation } from "./operation-writes.ts";
import type { Operation } from "./outbox.ts";
import type { Scene } from "./scene.ts";

/** Applies edits of an unsent new issue to its draft. Returns the issue as shown. */
export async function changeDraft(
  db: Trx,
  scene: Scene,
  create: Operation,
  fields: readonly FieldChange[],
  at: number,
): Promise<NativeIssue> {
  const { draft } = create.payload;
  if (draft === undefined) throw new Error("a create has a draft");
  await updateOperation(db, create.id, { payload: { draft: await withDraftChanges(db, scene, draft, fields) }, at });
  return overlay(scene.base, [{ kind: "edit", fields, at }]);
}

/**
 * The payload of a refused create that is sent again: its draft with the edits that wait behind it, since they may be what the tracker asked for. They
 * keep waiting, and find their values already set. Only if every attempt was refused: after a lost answer, some trackers look for the issue by the title and text
 * that were sent.
 */
export async function payloadToRetry(db: Trx, scene: Scene, create: Operation): Promise<Operation["payload"]> {
  const { attempts, payload } = create;
  const { draft, refusals = 0 } = payload;
  if (draft === undefined || refusals !== attempts - 1) return payload;
  const edits = scene.waiting.filter(({ kind, state }) => kind === "edit" && openStates.includes(state));
  const fields = edits.flatMap((edit) => edit.fields);
  return { ...payload, draft: await withDraftChanges(db, scene, draft, fields), refusals: attempts };
}

async function withDraftChanges(
  db: Trx,
  scene: Scene,
  draft: NativeDraft,
  fields: readonly FieldChange[],
): Promise<NativeDraft> {
  let next = draft;
  for (const change of fields) next = await withDraftChange(db, scene, next, change);
  return next;
}

async function withDraftChange(
  db: Trx,
  { source }: Scene,
  draft: NativeDraft,
  change: FieldChange,
): Promise<NativeDraft> {
  if (change.field === "status") return draft;
  if (change.field === "custom") return { ...draft, fields: { ...draft.fields, [change.id]: change.to } };
  if (change.field === "assignees") return { ...draft, assigneeIds: withMembers(draft.assigneeIds, change) };
  if (change.field === "labels") {
    const ids = withMembers(
      draft.labels.map((label) => label.id),
      change,
    );
    const known = new Map(draft.labels.map((label) => [label.id, label]));
    const labels = [];
    for (const id of ids) labels.push(known.get(id) ?? { id, name: await labelName(db, source.id, id) });
    return { ...draft, labels };
  }
  if (!isScalarChange(change)) return draft;
  const text = change.to === null ? null : String(change.to);
  switch (change.field) {
    case "title":
      return { ...draft, title: text ?? "" };
    case "body":
      return { ...draft, body: text ?? "" };
    case "state":
      return { ...draft, stateId: text };
    case "priority":
      return { ...draft, nativePriority: text };
    case "cycle":
      return { ...draft, cycleId: text };
    case "dueDate":
      return { ...draft, dueDate: text };
    case "estimate":
      return { ...draft, estimate: change.to === null ? null : Number(change.to) };
    case "type":
      return { ...draft, type: text };
    case "parent":
      return { ...draft, parent: text === null ? null : await addressOf(db, source, text) };
  }
}

async function labelName(db: Trx, sourceId: number, id: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select name from label where scope_id = ${sourceId} and native_id = ${id}`.execute(db);
  return rows[0]?.name ?? newLabelName(id) ?? id;
}
