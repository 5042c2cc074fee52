import { foldName } from "./fold-name.ts";
import type { NativeState } from "./issue.ts";
import { type Mapping, priorityOf, statusOf } from "./mapping.ts";
import type { Priority } from "./priority.ts";
import type { Status } from "./status.ts";

/** A move in the tracker's terms: the target state and the names of labels to add and remove. */
export type Move = {
  readonly stateId: string;
  readonly addLabels: readonly string[];
  readonly removeLabels: readonly string[];
};

/** The parts of an issue that determine its status. */
export type Placed = { readonly type: string; readonly stateId: string; readonly labels: readonly string[] };

/**
 * All moves that give an issue a status, the preferred one first: overrides by the user, then native states, then a state with a label, each in the
 * tracker's order; among equal ones, the one that keeps most of the current state. Labels of other statuses are removed. Empty if the mapping has no such move.
 */
export function movesTo(mapping: Mapping, states: readonly NativeState[], issue: Placed, status: Status): Move[] {
  const possible = new Map(states.map((state) => [state.id, state]));
  // A new issue belongs to the source's own place, whose states are listed first.
  const here = (possible.get(issue.stateId) ?? states.find(({ place }) => place !== undefined))?.place;
  const isPossible = (stateId: string) => {
    const state = possible.get(stateId);
    if (state === undefined || (state.types !== undefined && !state.types.includes(issue.type))) return false;
    return state.place === undefined || here === undefined || state.place === here;
  };
  const rank = (rule: Mapping["statusRules"][number]) =>
    (rule.origin === "set" ? 0 : 2) + (rule.label === undefined ? 0 : 1);
  const rules = mapping.statusRules
    .filter((rule) => rule.status === status && rule.outward !== false && isPossible(rule.stateId))
    .map((rule, index) => ({ rule, index }))
    .sort(
      (a, b) =>
        rank(a.rule) - rank(b.rule) ||
        sharedParts(b.rule.stateId, issue.stateId) - sharedParts(a.rule.stateId, issue.stateId) ||
        a.index - b.index,
    );
  const moves: Move[] = [];
  for (const { rule } of rules) {
    const move = toMove(mapping, issue, rule);
    if (statusOf(mapping, after(issue, move)) === status && !moves.some((known) => same(known, move))) moves.push(move);
  }
  return moves;
}

/** How many parts two states have in common (`defect:Open:Defined`): a move changes as few as possible. */
function sharedParts(a: string, b: string): number {
  const others = b.split(":");
  return a.split(":").filter((part, index) => part === others[index]).length;
}

function toMove(mapping: Mapping, issue: Placed, rule: Mapping["statusRules"][number]): Move {
  const own = rule.label === undefined ? null : foldName(rule.label);
  // A move removes every label that stands for another status.
  const meaningful = new Set(
    mapping.statusRules.flatMap(({ label, status }) =>
      label === undefined || (status === rule.status && foldName(label) === own) ? [] : [foldName(label)],
    ),
  );
  const removeLabels = issue.labels.filter((label) => meaningful.has(foldName(label)) && foldName(label) !== own);
  const has = issue.labels.some((label) => foldName(label) === own);
  return { stateId: rule.stateId, addLabels: rule.label === undefined || has ? [] : [rule.label], removeLabels };
}

/** Those of an issue's labels that stand for other statuses than this one: a move removes them. */
export function labelsOfOthers({ statusRules }: Mapping, labels: readonly string[], status: Status): string[] {
  const meaning = (fits: (other: Status) => boolean) =>
    new Set(
      statusRules.flatMap((rule) => (rule.label !== undefined && fits(rule.status) ? [foldName(rule.label)] : [])),
    );
  const own = meaning((other) => other === status);
  const others = meaning((other) => other !== status);
  return labels.filter((label) => others.has(foldName(label)) && !own.has(foldName(label)));
}

function after(issue: Placed, move: Move): { stateId: string; labels: readonly string[] } {
  const gone = new Set(move.removeLabels);
  return { stateId: move.stateId, labels: [...issue.labels.filter((label) => !gone.has(label)), ...move.addLabels] };
}

/** The label that, beside the state, gives an issue its status after a move; null if the state alone does. */
export function labelOfMove(mapping: Mapping, issue: Placed, move: Move, status: Status): string | null {
  const { stateId, labels } = after(issue, move);
  if (statusOf(mapping, { stateId, labels: [] }) === status) return null;
  return labels.find((label) => statusOf(mapping, { stateId, labels: [label] }) === status) ?? null;
}

function same(a: Move, b: Move): boolean {
  return a.stateId === b.stateId && a.addLabels.join("\n") === b.addLabels.join("\n");
}

/** A change of priority in the tracker's terms: a native priority, or labels to add and remove. */
export type PriorityMove =
  | { readonly kind: "native"; readonly nativePriority: string | null }
  | { readonly kind: "labels"; readonly addLabels: readonly string[]; readonly removeLabels: readonly string[] };

/** How to give an issue a priority; null if the source has nothing that stands for it (the priority is read-only then). */
export function priorityMoveTo(
  mapping: Mapping,
  issue: { readonly nativePriority: string | null; readonly labels: readonly string[] },
  priority: Priority,
): PriorityMove | null {
  const { priorityRules } = mapping;
  const native = priorityRules.find((rule) => "nativePriority" in rule && rule.priority === priority);
  if (native !== undefined && "nativePriority" in native)
    return { kind: "native", nativePriority: native.nativePriority };
  if (priorityRules.some((rule) => "nativePriority" in rule)) {
    return priority === 0 ? { kind: "native", nativePriority: null } : null;
  }
  const meaningful = new Set(priorityRules.flatMap((rule) => ("label" in rule ? [foldName(rule.label)] : [])));
  const target = priorityRules.find((rule) => "label" in rule && rule.priority === priority);
  if (meaningful.size === 0 || (target === undefined && priority !== 0)) return null;
  const label = target !== undefined && "label" in target ? target.label : null;
  if (priorityOf(mapping, issue) === priority) return { kind: "labels", addLabels: [], removeLabels: [] };
  return {
    kind: "labels",
    addLabels: label === null || issue.labels.some((own) => foldName(own) === foldName(label)) ? [] : [label],
    removeLabels: issue.labels.filter(
      (own) => meaningful.has(foldName(own)) && (label === null || foldName(own) !== foldName(label)),
    ),
  };
}
