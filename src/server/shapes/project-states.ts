import type { Project } from "../../config/config.ts";
import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import { type StatusRule, statusOf } from "../../domain/mapping.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import { isStatus, statuses } from "../../domain/status.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { SourceStore } from "../../store/store.ts";
import type { TrackerDefinition } from "../../trackers/tracker.ts";
import type { ProjectStatesShape } from "../contract/project.ts";

type Overrides = Readonly<Record<string, Readonly<Record<string, string>>>>;
type Sources = Pick<SourceStore, "list" | "vocabulary">;
type SourceStates = ProjectStatesShape["sources"][number];
type Workflow = Pick<SourceStates, "described" | "nativeStates" | "labels" | "statuses">;

/** How the states of a project's sources map to statuses, from the mirror alone. */
export async function describeStates(
  project: Pick<Project, "id" | "sources">,
  sources: Sources,
  { repeats }: { readonly repeats?: "omit" | undefined } = {},
): Promise<ProjectStatesShape> {
  const rows = new Map((await sources.list()).map((row) => [row.config.id, row]));
  const described = await Promise.all(
    project.sources.map(async ({ id, tracker, key }) => {
      const row = rows.get(id);
      const workflow = row === undefined ? nothing : await describeSource(row, sources);
      return { id, tracker, name: row?.info?.name ?? key, sameAs: null, ...workflow };
    }),
  );
  return {
    project: project.id,
    states: Object.fromEntries(
      project.sources
        .filter(({ stateOverrides }) => Object.keys(stateOverrides).length > 0)
        .map(({ tracker, stateOverrides }) => [tracker, { ...stateOverrides }]),
    ),
    sources: markRepeats(described, repeats === "omit"),
  };
}

/** Names the first source with the same workflow: those of one tracker are often alike, and hundreds of them much to send. */
function markRepeats(sources: readonly SourceStates[], omit: boolean): SourceStates[] {
  const first = new Map<string, string>();
  return sources.map((source) => {
    const { id, tracker, described, nativeStates, labels, statuses: read } = source;
    if (!described) return source;
    const workflow = JSON.stringify([tracker, nativeStates, labels, read]);
    const same = first.get(workflow);
    if (same === undefined) first.set(workflow, id);
    if (same === undefined) return source;
    return { ...source, sameAs: same, ...(omit ? { nativeStates: [], labels: [], statuses: [] } : {}) };
  });
}

const nothing: Workflow = {
  described: false,
  nativeStates: [],
  labels: [],
  statuses: statuses.map((status) => ({ status, reads: [] })),
};

async function describeSource(row: SourceRow, sources: Sources): Promise<Workflow> {
  const { mapping } = row;
  if (mapping === null) return nothing;
  const { states, labels } = await sources.vocabulary(row.id);
  const rules = heard(mapping.statusRules);
  const nameOf = new Map(states.map(({ id, name }) => [id, name]));
  return {
    described: true,
    nativeStates: states.map(({ id, name, category, position }) => ({
      id,
      name,
      category,
      position,
      status: statusOf(mapping, { stateId: id, labels: [] }),
    })),
    labels: labels.map(({ name }) => name),
    statuses: statuses.map((status) => ({
      status,
      reads: rules
        .filter((rule) => rule.status === status)
        .map((rule) => ({
          state: nameOf.get(rule.stateId) ?? rule.stateId,
          label: rule.label ?? null,
          origin: rule.origin,
          outward: rule.outward !== false,
        })),
    })),
  };
}

/** The rules that can take effect: a rule for a whole state hides all later rules for that state. */
function heard(rules: readonly StatusRule[]): StatusRule[] {
  const decided = new Set<string>();
  return rules.filter(({ stateId, label }) => {
    if (decided.has(stateId)) return false;
    if (label === undefined) decided.add(stateId);
    return true;
  });
}

/**
 * Rejects overrides whose tracker the project does not use, and unknown statuses, states and labels; the error contains the nearest names. Throws `busy` while
 * a source has never been read.
 */
export async function checkOverrides(
  overrides: Overrides,
  context: {
    readonly project: Pick<Project, "id" | "sources">;
    readonly trackers: readonly Pick<TrackerDefinition, "id" | "label" | "stateAliases">[];
    readonly sources: Sources;
  },
): Promise<void> {
  const { project, trackers, sources } = context;
  const used = [...new Set(project.sources.map(({ tracker }) => tracker))];
  const rows = await sources.list();
  for (const [id, names] of Object.entries(overrides)) {
    const tracker = trackers.find((one) => one.id === id);
    if (tracker === undefined || !used.includes(id))
      throw unknown(`The project ${project.id} has no source in “${id}”.`, id, used);
    const own = rows.filter(({ config }) => config.project === project.id && config.tracker === id);
    if (own.length === 0 || own.some(({ mapping }) => mapping === null)) {
      throw new PanopticonError("busy", `The workflow of ${tracker.label} has not been read yet.`, {
        hint: "Wait for the first sync, or check the tracker's card for problems.",
      });
    }
    const workflows = await Promise.all(own.map((row) => sources.vocabulary(row.id)));
    const states = workflows.flatMap((workflow) => workflow.states);
    const labels = workflows.flatMap((workflow) => workflow.labels.map(({ name }) => name));
    const known = [...states.flatMap((state) => [state.name, state.id]), ...Object.keys(tracker.stateAliases ?? {})];
    for (const [status, written] of Object.entries(names)) {
      if (!isStatus(status)) throw unknown(`“${status}” is not a status.`, status, statuses);
      const label = /^label:(.*)$/is.exec(written)?.[1]?.trim();
      if (label === undefined) {
        if (has(known, written)) continue;
        const shown = [...new Set(states.map(({ name }) => name))];
        throw unknown(`${tracker.label} has no state “${written}” in this project.`, written, shown);
      }
      if (!has(labels, label)) {
        throw unknown(
          `${tracker.label} has no label “${label}” in this project.`,
          label,
          [...new Set(labels)],
          "label:",
        );
      }
    }
  }
}

function has(known: readonly string[], name: string): boolean {
  const folded = foldName(name);
  return folded !== "" && known.some((one) => foldName(one) === folded);
}

const maxCandidates = 20;

function unknown(message: string, written: string, known: readonly string[], before = ""): PanopticonError {
  const near = nearestWord(written, known);
  const ordered = near === undefined ? known : [near, ...known.filter((name) => name !== near)];
  const candidates = ordered.slice(0, maxCandidates).map((name) => before + name);
  return new PanopticonError("invalid_input", message, {
    hint: near === undefined ? `Available: ${candidates.join(", ") || "none"}.` : `Did you mean “${before}${near}”?`,
    candidates,
  });
}
