import { foldName } from "./fold-name.ts";
import type { NativeState } from "./issue.ts";
import { type Mapping, priorityOf, statusOf } from "./mapping.ts";
import type { Priority } from "./priority.ts";
import type { Status } from "./status.ts";

/** A move in the tracker's own terms: the state it leads to and the labels, by name, that have to come and go with it. */
export type Move = {
  readonly stateId: string;
  readonly addLabels: readonly string[];
  readonly removeLabels: readonly string[];
};

/** The parts of an issue that say what its status and priority are. */
export type Placed = { readonly type: string; readonly stateId: string; readonly labels: readonly string[] };

/**
 * Every way to give an issue a status, the preferred one first: what the user set, then states of their own, then a state with a label, each in the
 * tracker's order; among equals what keeps most of the present state. Labels of other statuses go. Empty when the mapping knows no way.
 */
export function movesTo(mapping: Mapping, states: readonly NativeState[], issue: Placed, status: Status): Move[] {
  const possible = new Map(states.map((state) => [state.id, state]));
  // What is new lies where the source's own states are: they come first.
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

/** States of several parts (`defect:Open:Defined`): a move changes as few of them as it can. */
function sharedParts(a: string, b: string): number {
  const others = b.split(":");
  return a.split(":").filter((part, index) => part === others[index]).length;
}

function toMove(mapping: Mapping, issue: Placed, rule: Mapping["statusRules"][number]): Move {
  const own = rule.label === undefined ? null : foldName(rule.label);
  // Every label that stands for a status somewhere leaves with that status.
  const meaningful = new Set(
    mapping.statusRules.flatMap(({ label, status }) =>
      label === undefined || (status === rule.status && foldName(label) === own) ? [] : [foldName(label)],
    ),
  );
  const removeLabels = issue.labels.filter((label) => meaningful.has(foldName(label)) && foldName(label) !== own);
  const has = issue.labels.some((label) => foldName(label) === own);
  return { stateId: rule.stateId, addLabels: rule.label === undefined || has ? [] : [rule.label], removeLabels };
}

function after(issue: Placed, move: Move): { stateId: string; labels: readonly string[] } {
  const gone = new Set(move.removeLabels);
  return { stateId: move.stateId, labels: [...issue.labels.filter((label) => !gone.has(label)), ...move.addLabels] };
}

function same(a: Move, b: Move): boolean {
  return a.stateId === b.stateId && a.addLabels.join("\n") === b.addLabels.join("\n");
}

/** A priority in the tracker's own terms: a native priority, or labels that come and go. */
export type PriorityMove =
  | { readonly kind: "native"; readonly nativePriority: string | null }
  | { readonly kind: "labels"; readonly addLabels: readonly string[]; readonly removeLabels: readonly string[] };

/** How to give an issue a priority; null where nothing in the source stands for it (it is read-only then). */
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
