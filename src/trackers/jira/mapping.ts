import type { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { Label, NativePriority, NativeState } from "../../domain/issue.ts";
import type { Mapping, PriorityRule, StatusRule } from "../../domain/mapping.ts";
import type { Priority } from "../../domain/priority.ts";
import type { Status } from "../../domain/status.ts";
import { readOverrides } from "../status-overrides.ts";
import { labelFallbacks } from "./label-fallback.ts";

const statusOfCategory: ReadonlyMap<string, Status> = new Map(
  Object.entries<Status>({
    new: "backlog",
    indeterminate: "in_progress",
    done: "done",
  }),
);

const categoryOrder = ["undefined", "new", "indeterminate", "done"];

const planningName = foldName("Planning");
const reviewNames = new Set(["In Review", "Review", "Code Review", "QA", "Testing"].map(foldName));
const canceledResolutions = new Set(["Won't Do", "Duplicate", "Cannot Reproduce"].map(foldResolution));
const duplicateResolutions = new Set(["Duplicate"].map(foldResolution));
/** Resolutions that only mean that the work was done. */
const plainResolutions = new Set(["Done", "Fixed", "Resolved", "Complete", "Completed"].map(foldResolution));

/** Apostrophes are typed in different ways. */
function foldResolution(name: string): string {
  return foldName(name.replace(/[’`´]/g, "'"));
}

/** Whether a resolution only means that the work was done. */
export function isPlainResolution(name: string): boolean {
  return plainResolutions.has(foldResolution(name));
}

/**
 * The native state of an issue: its status, and for a finished one its resolution, unless that only means done. Jira stores the resolution in a separate field,
 * and only that tells what was canceled.
 */
export function stateIdOf(
  status: { readonly id: string; readonly category: string },
  resolution: { readonly id: string; readonly name: string } | null,
): string {
  if (status.category !== "done" || resolution === null || isPlainResolution(resolution.name)) return status.id;
  return `${status.id}:${resolution.id}`;
}

/** All native states of a project's issues: its statuses in order of their categories, then the finished ones with each resolution. */
export function toStates(
  statuses: readonly Pick<NativeState, "id" | "name" | "category" | "types">[],
  resolutions: readonly { readonly id: string; readonly name: string }[],
): NativeState[] {
  const rank = (category: string) => Math.max(0, categoryOrder.indexOf(category));
  const ordered = [...statuses].sort((a, b) => rank(a.category) - rank(b.category));
  const states: NativeState[] = [];
  const add = (status: (typeof ordered)[number], id: string, name: string) => {
    const { category, types } = status;
    states.push({ id, name, category, position: states.length, ...(types === undefined ? {} : { types }) });
  };
  for (const status of ordered) add(status, status.id, status.name);
  for (const status of ordered.filter(({ category }) => category === "done")) {
    for (const resolution of resolutions) {
      const id = stateIdOf(status, resolution);
      if (id !== status.id) add(status, id, `${status.name} (${resolution.name})`);
    }
  }
  return states;
}

/** The status and priority rules of a project, and warnings about the overrides. `priorities` in the tracker's order, most urgent first. */
export function detectMapping(
  parts: {
    readonly states: readonly NativeState[];
    readonly resolutions: readonly { readonly id: string; readonly name: string }[];
    readonly priorities: readonly NativePriority[];
    readonly labels: readonly Label[];
  },
  overrides: Readonly<Record<string, string>>,
): { readonly mapping: Mapping; readonly warnings: readonly PanopticonError[] } {
  const { states, priorities, labels } = parts;
  const given = readOverrides(overrides, { tracker: "jira", states, isFinishedState: isFinished, labels });
  const withName = (names: ReadonlySet<string>) =>
    new Set(parts.resolutions.filter(({ name }) => names.has(foldResolution(name))).map(({ id }) => id));
  const canceled = withName(canceledResolutions);
  const duplicate = withName(duplicateResolutions);
  const detected = states.map((state): StatusRule => {
    const status = detectStatus(state, canceled, given.replaced);
    const resolution = state.id.split(":")[1];
    // Moves to done set no resolution, and only a user who links the duplicate can mark an issue as one.
    const isMovedInto = resolution === undefined || (status === "canceled" && !duplicate.has(resolution));
    return { stateId: state.id, status, origin: "detected", ...(isMovedInto ? {} : { outward: false }) };
  });
  const labelled = labelFallbacks(states, [...given.rules, ...detected]).filter(
    ({ status }) => !given.replaced.has(status),
  );
  return {
    mapping: {
      statusRules: [...given.rules, ...labelled, ...detected],
      priorityRules: priorityRules(priorities),
    },
    warnings: given.warnings,
  };
}

function detectStatus(state: NativeState, canceled: ReadonlySet<string>, replaced: ReadonlySet<Status>): Status {
  if (isFinished(state)) {
    const resolution = state.id.split(":")[1];
    return resolution !== undefined && canceled.has(resolution) ? "canceled" : "done";
  }
  const name = foldName(state.name);
  if (name === planningName && !replaced.has("planning")) return "planning";
  if (state.category === "indeterminate" && reviewNames.has(name) && !replaced.has("in_review")) return "in_review";
  return statusOfCategory.get(state.category) ?? "backlog";
}

function isFinished(state: Pick<NativeState, "category">): boolean {
  return state.category === "done";
}

const priorityNames: ReadonlyMap<string, Priority> = new Map(
  (
    [
      ["Blocker", 1],
      ["Highest", 1],
      ["Critical", 2],
      ["High", 2],
      ["Medium", 3],
      ["Major", 3],
      ["Low", 4],
      ["Lowest", 4],
      ["Minor", 4],
      ["Trivial", 4],
    ] as const
  ).map(([name, priority]) => [foldName(name), priority]),
);

const noPriority = new Set(["None", "No priority", "Not set", "Unprioritized"].map(foldName));

/** Known names keep their meaning; the others are ranked by their position among them. */
function priorityRules(priorities: readonly NativePriority[]): PriorityRule[] {
  const isNone = ({ name }: NativePriority) => noPriority.has(foldName(name));
  const real = priorities.filter((one) => !isNone(one));
  const none = priorities.filter(isNone).map(({ id }): PriorityRule => ({ nativePriority: id, priority: 0 }));
  const known = real.map(({ name }) => priorityNames.get(foldName(name)));
  const ranked = real.map(({ id }, index): PriorityRule => {
    const own = known[index];
    if (own !== undefined) return { nativePriority: id, priority: own };
    const least = known.slice(0, index).reduce<number>((most, one) => Math.max(most, one ?? 1), 1);
    const most = known.slice(index + 1).reduce<number>((low, one) => Math.min(low, one ?? 4), 4);
    const byPlace = 1 + Math.floor((index * 4) / real.length);
    return { nativePriority: id, priority: Math.min(Math.max(byPlace, least), Math.max(least, most)) as Priority };
  });
  return [...ranked, ...none];
}
