import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import {
  type FieldChange,
  type FieldValue,
  isScalarChange,
  isSetChange,
  newLabelName,
} from "../../domain/operation.ts";
import { valueOf } from "../../domain/overlay.ts";
import { ownFieldWords } from "../../domain/own-field-words.ts";
import { type Status, statusLabels } from "../../domain/status.ts";
import type { EditableIssue } from "../../store/outbox/outbox.ts";
import { createAsk } from "../move/ask-choices.ts";
import { chooseMove } from "../move/choose-move.ts";
import { checkWritable } from "../edit/edit-issue.ts";
import { labelOfName } from "../words/label-words.ts";
import type { Making, Parts } from "../parts.ts";
import { type SourceContext, toContext } from "../source-context.ts";

/** The number of own writes to search for the origin of a text. */
const maxRecent = 200;

type Inverse = {
  readonly fields: readonly FieldChange[];
  /** Fields that have neither the value after the change nor the one before it. */
  readonly changedSince: readonly string[];
  /** Fields whose former value is unknown. */
  readonly unknown: readonly string[];
};

/**
 * The inverse of changed fields relative to the wanted values; leaves out what is already restored. `idOf` returns the present id of a label, which differs if
 * the label was created meanwhile.
 */
function invert(
  changes: readonly FieldChange[],
  { wanted, source }: EditableIssue,
  idOf: (labelId: string) => string,
): Inverse {
  const fields: FieldChange[] = [];
  const changedSince: string[] = [];
  const unknown: string[] = [];
  for (const change of changes) {
    if (isSetChange(change)) {
      const now = change.field === "labels" ? wanted.issue.labelIds : wanted.issue.assigneeIds;
      const add = change.remove.map(idOf).filter((id) => !now.includes(id));
      const remove = change.add.map((id) => (now.includes(id) ? id : idOf(id))).filter((id) => now.includes(id));
      if (add.length + remove.length > 0) fields.push({ field: change.field, add, remove });
    } else if (change.field === "custom") {
      const { id, from, to } = change;
      if (!("from" in change)) unknown.push(ownFieldWords(source.form, change).name);
      else if (JSON.stringify(from) !== JSON.stringify(to)) fields.push({ field: "custom", id, from: to, to: from });
    } else {
      const now = isScalarChange(change) ? valueOf(wanted.issue, change.field) : wanted.status;
      if (now === change.from) continue;
      if (now !== change.to) changedSince.push(change.field);
      else if (isScalarChange(change)) fields.push({ field: change.field, from: change.to, to: change.from });
      else fields.push({ field: "status", from: change.to, to: change.from });
    }
  }
  return { fields, changedSince, unknown };
}

/**
 * Undoes an edit: queues its inverse, or removes it from waiting operations; returns false if it is already undone. `withdraw`: see `Author.undoes`. Throws
 * `conflict` for a value that was changed since, `unsupported` for one without a way back.
 */
export async function takeBackEdit(
  parts: Parts,
  issueId: number,
  { fields: changes, withdraw }: { readonly fields: readonly FieldChange[]; readonly withdraw: readonly string[] },
  making: Making,
): Promise<boolean> {
  const { store, sync } = parts;
  return parts.inOrder(issueId, async () => {
    const issue = await store.outbox.issue(issueId);
    const source = toContext(issue.source, parts);
    const written = await withParents(parts, issue, await asWritten(parts, issue, changes));
    const { fields, changedSince, unknown } = invert(written, issue, await labelIds(changes, source));
    if (changedSince.length > 0) {
      throw new PanopticonError("conflict", `${issue.ref}: ${changedSince.join(" and ")} changed since then.`, {
        hint: "Undo would overwrite that. To overwrite it anyway, edit the issue.",
      });
    }
    const left = unknown.length === 0 ? null : notKnown(issue.ref, unknown);
    const isNothing = fields.length + withdraw.length === 0;
    if (isNothing && left !== null) throw left;
    if (isNothing) return false;
    if (left !== null) making.left.push(left);
    checkWritable(fields, source);
    const inverse = await withWayBack(parts, issue, fields, source, making);
    const { author } = making;
    const undoes = author.undoes && { ...author.undoes, withdraw };
    sync.changed(await store.outbox.edit(issueId, inverse, undoes === undefined ? author : { ...author, undoes }));
    return true;
  });
}

/** Replaces a text written from here by the tracker's formatting of it, so that it does not count as changed. */
async function asWritten(
  { store }: Parts,
  { id, wanted: { issue: shown } }: EditableIssue,
  changes: readonly FieldChange[],
): Promise<readonly FieldChange[]> {
  if (!changes.some((change) => change.field === "body" && change.to !== shown.body)) return changes;
  const operations = await store.outbox.listOf(id, maxRecent);
  const became = (text: unknown) =>
    operations.some(
      ({ fields, payload }) =>
        payload.became === shown.body && fields.some((one) => one.field === "body" && one.to === text),
    );
  return changes.map((change) =>
    change.field === "body" && became(change.to) ? { ...change, to: shown.body } : change,
  );
}

/** Converts parent changes to the form of the shown value: some trackers identify a parent only by its address, although it was set by its id. */
async function withParents(
  parts: Parts,
  { wanted: { issue: shown }, source }: EditableIssue,
  changes: readonly FieldChange[],
): Promise<readonly FieldChange[]> {
  const now = valueOf(shown, "parent");
  const idOf = (value: FieldValue) => parentId(parts, value, source.config.key);
  const known = await idOf(now);
  return Promise.all(
    changes.map(async (change): Promise<FieldChange> => {
      if (change.field !== "parent") return change;
      const [from, to] = await Promise.all([idOf(change.from), idOf(change.to)]);
      return { ...change, from: from === known ? now : from, to: to === known ? now : change.to };
    }),
  );
}

/** The id of a parent that may be given by its address: `#12`, `owner/repo#12`, `PROJPROJ-9` (its source's key, followed by its own, which starts with that). */
async function parentId({ store, resolve }: Parts, value: FieldValue, sourceKey: string): Promise<FieldValue> {
  const text = String(value ?? "");
  const address = /^(.+)(\1-\d+)$/i.exec(text)?.[2] ?? (text.includes("#") ? text : null);
  if (address === null) return value;
  try {
    const { id } = await resolve(address.startsWith("#") ? sourceKey + address : address);
    return (await store.outbox.issue(id)).base.nativeId;
  } catch (error) {
    // It is not mirrored: only its address is known.
    if (isPanopticonError(error)) return value;
    throw error;
  }
}

function notKnown(ref: string, fields: readonly string[]): PanopticonError {
  return new PanopticonError("unsupported", `${ref}: the previous value of ${fields.join(" and ")} is not known.`, {
    hint: "Set the value again, here or in the tracker.",
  });
}

async function labelIds(changes: readonly FieldChange[], source: SourceContext): Promise<(id: string) => string> {
  const isNew = (id: string) => newLabelName(id) !== null;
  if (!changes.some((change) => isSetChange(change) && [...change.add, ...change.remove].some(isNew)))
    return (id) => id;
  const { labels } = await source.vocabulary();
  return (id) => {
    const name = newLabelName(id);
    return name === null ? id : labelOfName(name, labels).id;
  };
}

/** If the workflow decides, a move back needs a transition, unless the tracker has not made the move or it waits for the user. */
async function withWayBack(
  { sync }: Parts,
  issue: EditableIssue,
  fields: readonly FieldChange[],
  source: SourceContext,
  { unanswered }: Making,
): Promise<readonly FieldChange[]> {
  const state = fields.find((change) => change.field === "state");
  if (state === undefined || !isScalarChange(state) || !source.tracker.writing.choices) return fields;
  const isWaiting = issue.wanted.issue.stateId !== issue.shown.stateId;
  if (isWaiting || isUnsentMove(issue, state.to)) return fields;
  const stateId = String(state.to);
  const status = fields.find((change) => change.field === "status");
  const to: Status = status?.field === "status" ? status.to : issue.status;
  const { transition } = await chooseMove({
    destination: { status: to, moves: [{ stateId, addLabels: [], removeLabels: [] }], isNative: true },
    answer: { transition: undefined, fields: undefined },
    ownFields: [],
    source,
    ask: createAsk(issue, source, { sync, unanswered }),
    allStates: () => Promise.resolve([]),
  }).catch((error: unknown) => {
    throw noWayBack(error, issue, to);
  });
  if (transition === undefined) return fields;
  const others = fields.filter((change) => change.field !== "status");
  return [{ field: "status", from: issue.status, to, transition }, ...others];
}

/** Whether the issue is still in the target state in the tracker, and no other state was requested. */
function isUnsentMove({ base, isMoving }: EditableIssue, stateId: FieldValue): boolean {
  return base.stateId === stateId && !isMoving;
}

function noWayBack(error: unknown, issue: EditableIssue, status: Status): unknown {
  if (!(error instanceof PanopticonError)) return error;
  const { code, choices } = error;
  if (code === "choice_needed") {
    return new PanopticonError(
      code,
      `There is more than one way to move ${issue.ref} back to ${statusLabels[status]}.`,
      {
        hint: `Move it yourself and choose: pan move ${issue.ref} ${status}.`,
        choices,
      },
    );
  }
  if (code !== "invalid_input") return error;
  return new PanopticonError(
    "unsupported",
    `The workflow does not allow ${issue.ref} to move back to ${statusLabels[status]}.`,
  );
}
