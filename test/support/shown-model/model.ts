import assert from "node:assert/strict";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { openStates } from "../../../src/domain/operation.ts";
import type { Operation } from "../../../src/store/outbox/outbox.ts";
import type { SourceRow } from "../../../src/store/sources/source-row.ts";
import type { Store } from "../../../src/store/store.ts";
import type { Subject } from "../../../src/trackers/conformance/stage.ts";
import { readAllCards } from "../compare.ts";
import type { ShownStage } from "./stage.ts";

export const fields = [
  "title",
  "body",
  "label",
  "assignee",
  "status",
  "priority",
  "dueDate",
  "estimate",
  "parent",
  "cycle",
] as const;
export type Field = (typeof fields)[number];
type Value = string | number | boolean | null;
/** undefined: not known to the model. */
export type Values = Record<Field, Value | undefined>;

export type ModelComment = {
  readonly issue: number;
  readonly id: string;
  /** What the user wrote last, and what the tracker has; null: none. */
  wanted: string | null;
  written: string | null;
};

/** What the user wanted of two issues and a new one, and what the tracker has of it. Issues are numbered: 0, 1, and 2 for the new one. */
export type ShownModel = {
  readonly stage: ShownStage;
  readonly subject: Pick<Subject, "writing">;
  readonly source: SourceRow;
  /** The label, the person and the type of relation that are added and removed. */
  readonly label: string;
  readonly login: string;
  readonly relation: "relates" | "blocks";
  /** Whether priorities are a field of their own; elsewhere they are labels, of which the model has one only. */
  readonly hasPriority: boolean;
  /** The names of the cycles an issue can be in. */
  readonly cycles: readonly string[];
  /** By issue. */
  readonly refs: string[];
  readonly issueIds: Map<number, number>;
  readonly wanted: Values[];
  /** The status in the tracker, as far as the model knows it. */
  readonly statusThere: (string | null)[];
  readonly comments: ModelComment[];
  readonly related: { wanted: boolean; written: boolean };
  /** Words that occur in one text each. */
  readonly tokens: string[];
  /** The last change and how the model was before it; undone only if nothing happened since. */
  last: { readonly change: string; readonly restore: () => void } | null;
};

/** Picks two issues of the stage's tracker, and reads how they are. */
export async function openShownModel(stage: ShownStage, subject: Pick<Subject, "writing">): Promise<ShownModel> {
  const { store } = stage.mirror();
  const { tracker } = stage.emulator;
  const cards = await readAllCards(store);
  // Rally relates stories only with each other.
  const chosen = cards
    .filter(({ key, status }) => status === "backlog" && (tracker !== "rally" || key.startsWith("US")))
    .slice(0, 2);
  assert.equal(chosen.length, 2, "there are two issues to change");
  const [source] = await store.sources.list();
  assert.ok(source);
  const vocabulary = await store.sources.vocabulary(source.id);
  const meant = new Set([
    ...(source.mapping?.statusRules ?? []).flatMap((rule) => rule.label ?? []),
    ...(source.mapping?.priorityRules ?? []).flatMap((rule) => ("label" in rule ? [rule.label] : [])),
  ]);
  const label = vocabulary.labels.find(({ name }) => !meant.has(name) && !name.includes("::"))?.name ?? assert.fail();
  const model: ShownModel = {
    stage,
    subject,
    source,
    label,
    login: cards.flatMap(({ assignees }) => assignees.map((one) => one.login))[0] ?? "me",
    relation: tracker === "gitlab" ? "relates" : "blocks",
    hasPriority: vocabulary.priorities.length > 0,
    cycles: vocabulary.cycles.map(({ name }) => name).slice(-3),
    refs: chosen.map(({ address }) => address),
    issueIds: new Map(chosen.map(({ id }, index) => [index, id])),
    wanted: [],
    statusThere: [],
    comments: [],
    related: { wanted: false, written: false },
    tokens: [],
    last: null,
  };
  for (const issue of [0, 1]) {
    const values = valuesOf(model, await pageOf(model, issue));
    model.wanted.push(values);
    model.statusThere.push(String(values.status));
  }
  return model;
}

/** A new word. */
export function token({ tokens }: ShownModel): string {
  const made = `zq${tokens.length}x`;
  tokens.push(made);
  return made;
}

/** The store of the server that runs now. */
export function storeOf({ stage }: ShownModel): Store {
  return stage.mirror().store;
}

/** An issue's address in the API. */
export function addressOf({ refs }: ShownModel, issue: number): string {
  return `/api/issues/${encodeURIComponent(refs[issue] ?? "")}`;
}

export function pageOf(model: ShownModel, issue: number): Promise<IssueDetailShape> {
  return model.stage.get<IssueDetailShape>(addressOf(model, issue));
}

/** Some trackers cannot keep a parent; then a link does. */
export function parentOf({ parent, relations }: IssueDetailShape): string | null {
  return parent?.ref ?? relations.find(({ type }) => type === "parent")?.ref ?? null;
}

/** What an issue's page shows of the model's fields. */
export function valuesOf({ label, login }: Pick<ShownModel, "label" | "login">, shown: IssueDetailShape): Values {
  return {
    title: shown.title,
    body: shown.body,
    label: shown.labels.some(({ name }) => name === label),
    assignee: shown.assignees.some((one) => one.login === login),
    status: shown.status,
    priority: shown.priority,
    dueDate: shown.dueDate,
    estimate: shown.estimate,
    parent: parentOf(shown),
    cycle: shown.cycle?.name ?? null,
  };
}

/** The tracker's value, as far as the model knows it. */
export function valueThere(
  { stage, statusThere, label, login }: ShownModel,
  shown: IssueDetailShape,
  issue: number,
  field: Field,
): Value | undefined {
  if (field === "status") return statusThere[issue] ?? undefined;
  const real = stage.emulator.world.issues().find(({ nativeId }) => nativeId === shown.nativeId);
  if (real === undefined) return undefined;
  if (field === "label") return real.labels.includes(label);
  if (field === "assignee") return real.assignees.includes(login);
  // GitHub's emulator shows the marker of a creation that is sent again; readers do not.
  if (field === "body") return real.body.replace(/^<!-- panopticon:[^>]*-->\n?/, "");
  return field === "title" ? real.title : undefined;
}

/** The unsettled operations. */
export async function waitingOf(model: ShownModel): Promise<readonly Operation[]> {
  return (await storeOf(model).outbox.list()).filter(({ settledAt }) => settledAt === null);
}

/** Whether it still counts for what is shown: it neither was refused nor is in conflict. */
export function isOpen({ state }: Operation): boolean {
  return openStates.includes(state);
}

export function isOnRelation({ kind }: Operation): boolean {
  return kind === "relate" || kind === "unrelate";
}

export function ofIssue(
  { issueIds }: ShownModel,
  operations: readonly Operation[],
  issue: number,
): readonly Operation[] {
  return operations.filter(({ issueId }) => issueId === issueIds.get(issue));
}

export function touches({ kind, fields: changed }: Operation, field: Field): boolean {
  const name = field === "label" ? "labels" : field === "assignee" ? "assignees" : field;
  return kind === "edit" && changed.some((change) => change.field === name);
}

export async function isOnComment(
  model: ShownModel,
  operation: Operation,
  { id, issue }: ModelComment,
): Promise<boolean> {
  const present = await storeOf(model).outbox.commentId(model.issueIds.get(issue) ?? 0, id);
  return `new:${operation.uuid}` === id || operation.payload.comment?.id === present;
}

/** The text that is shown of a comment; null: none. */
export async function expectedComment(
  model: ShownModel,
  comment: ModelComment,
  operations: readonly Operation[],
): Promise<string | null> {
  const own: Operation[] = [];
  for (const operation of operations) if (await isOnComment(model, operation, comment)) own.push(operation);
  return own.length > 0 && !own.some(isOpen) ? comment.written : comment.wanted;
}

/** A ref as a text mentions it: in GitLab's texts, "!4" is a merge request. */
export function asMentioned(ref: string): string {
  return ref.replace("!", "#");
}
