import { isPanopticonError } from "../../domain/error.ts";
import type { Vocabulary } from "../../domain/issue.ts";
import {
  type CustomChange,
  type FieldChange,
  isScalarChange,
  isSetChange,
  newLabelName,
} from "../../domain/operation.ts";
import { ownFieldWords } from "../../domain/own-field-words.ts";
import { isStatus, statusLabels } from "../../domain/status.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { SourceForm } from "../../store/sources/source-row.ts";
import { goneHint } from "../../store/outbox/gone-hint.ts";
import { waitsForName } from "../../store/outbox/waits-for-name.ts";
import type { ChangeStore, OutboxEntry, ReadableField, ReadableValue } from "../changes.ts";

/** Describes operations in readable names: a state's name instead of its id. */
export async function describeOperations(
  operations: readonly Operation[],
  store: Pick<ChangeStore, "sources" | "board">,
): Promise<readonly OutboxEntry[]> {
  const vocabularies = new Map<number, Vocabulary>();
  const issues = new Map<number, IssueNow>();
  const mirrored = new Set((await store.sources.list()).map(({ id }) => id));
  const entries: OutboxEntry[] = [];
  for (const stored of operations) {
    const operation = mirrored.has(stored.sourceId) ? stored : await withoutSource(stored, store);
    const { sourceId, state } = operation;
    const words = vocabularies.get(sourceId) ?? (await store.sources.vocabulary(sourceId));
    vocabularies.set(sourceId, words);
    const issue = issues.get(operation.issueId) ?? (await findIssue(operation, store));
    issues.set(operation.issueId, issue);
    const isGone = issue.status === null;
    const waitsForUser = state === "refused" || state === "conflict";
    entries.push({
      operation,
      ...issue,
      fields: describeFields(operation, {
        words,
        parents: await findParents(operation, store),
        form: operation.fields.some(({ field }) => field === "custom")
          ? (await store.sources.get(sourceId)).form
          : null,
      }),
      hint: isGone && waitsForUser ? goneHint(operation) : (operation.reason?.hint ?? null),
      canDrop: state !== "sending" && (state !== "unknown" || !mirrored.has(sourceId)),
      canRetry:
        !isGone &&
        (state === "waiting" ||
          state === "conflict" ||
          state === "unknown" ||
          // A change that refers to a dropped new issue can never be sent.
          (state === "refused" && !waitsForName(operation))),
    });
  }
  return entries;
}

/** An operation whose source has left `projects.yaml`: nothing of it is sent until the source returns. */
async function withoutSource(operation: Operation, { sources }: Pick<ChangeStore, "sources">): Promise<Operation> {
  if (!["queued", "waiting", "unknown"].includes(operation.state)) return operation;
  const { config } = await sources.get(operation.sourceId);
  const isUnknown = operation.state === "unknown";
  return {
    ...operation,
    state: isUnknown ? "unknown" : "waiting",
    nextAttemptAt: null,
    reason: {
      code: "not_found",
      message: `${config.key} is not in projects.yaml any more.`,
      hint: isUnknown
        ? "Whether your change reached the tracker is checked once the source is back there. Dropping it changes nothing in the tracker."
        : "Your change is sent once the source is back there.",
    },
  };
}

type IssueNow = Pick<OutboxEntry, "address" | "status">;

/** The present issue of an operation, which stays visible when its issue is gone. */
async function findIssue({ issueId, ref }: Operation, { board }: Pick<ChangeStore, "board">): Promise<IssueNow> {
  try {
    const { address, status } = await board.card(issueId);
    return { address, status };
  } catch (error) {
    if (isPanopticonError(error) && error.code === "not_found") return { address: ref, status: null };
    throw error;
  }
}

/** Refs of the issues in a parent change, by native id. */
async function findParents(
  { fields, tracker }: Operation,
  { board }: Pick<ChangeStore, "board">,
): Promise<ReadonlyMap<string, string>> {
  const refs = new Map<string, string>();
  for (const change of fields) {
    if (change.field !== "parent") continue;
    for (const id of [change.from, change.to]) {
      if (typeof id !== "string") continue;
      const asked = { key: "", nativeId: id, prefix: null, sourceKey: null, tracker, host: null };
      const [found] = await board.find(asked);
      if (found !== undefined) refs.set(id, found.ref);
    }
  }
  return refs;
}

/** A move is one field: its state and labels are left out. */
function describeFields(
  operation: Operation,
  {
    words,
    parents,
    form,
  }: {
    readonly words: Vocabulary;
    readonly parents: ReadonlyMap<string, string>;
    readonly form: SourceForm | null;
  },
): readonly ReadableField[] {
  const { fields, payload, kind, conflicts } = operation;
  const isMove = fields.some(({ field }) => field === "status");
  const told = fields.filter(({ field }) => !isMove || (field !== "state" && field !== "labels"));
  const described = told.map((change): ReadableField => {
    if (change.field === "custom") return ownFieldWords(form, change);
    const conflict = conflicts.find(({ field }) => field === change.field);
    const nameParent = (value: ReadableValue) =>
      change.field === "parent" ? (parents.get(String(value)) ?? value) : value;
    return {
      name: change.field,
      from: nameParent(readable(change, "from", words)),
      to: nameParent(readable(change, "to", words)),
      ...(conflict !== undefined && { theirs: nameParent(nameValue(conflict.field, conflict.theirs, words)) }),
    };
  });
  const { comment, relation, draft } = payload;
  if (kind === "create" && draft !== undefined) return [{ name: "title", from: null, to: draft.title }];
  if (comment !== undefined) return [{ name: "comment", from: comment.before, to: comment.body }];
  if (relation !== undefined) {
    const target = relation.target.key === "" ? relation.target.nativeId : relation.target.key;
    const [from, to] = kind === "relate" ? [null, target] : [target, null];
    return [{ name: relation.type, from, to }];
  }
  return described;
}

function readable(change: Exclude<FieldChange, CustomChange>, side: "from" | "to", words: Vocabulary): ReadableValue {
  if (isSetChange(change)) {
    const ids = side === "from" ? change.remove : change.add;
    return ids.length === 0 ? null : ids.map((id) => nameMember(change.field, id, words)).join(", ");
  }
  if (isScalarChange(change)) return nameValue(change.field, change[side], words);
  return statusLabels[change[side]];
}

function nameMember(field: "labels" | "assignees", id: string, { labels, people }: Vocabulary): string {
  if (field === "assignees") return people.find((person) => person.id === id)?.login ?? id;
  return labels.find((label) => label.id === id)?.name ?? newLabelName(id) ?? id;
}

function nameValue(field: string, value: ReadableValue, words: Vocabulary): ReadableValue {
  const named = (things: readonly { readonly id: string; readonly name: string }[]) =>
    things.find(({ id }) => id === value)?.name ?? value;
  switch (field) {
    case "state":
      return named(words.states);
    case "priority":
      return named(words.priorities);
    case "cycle":
      return named(words.cycles);
    case "status":
      return typeof value === "string" && isStatus(value) ? statusLabels[value] : named(words.states);
    default:
      return value;
  }
}
