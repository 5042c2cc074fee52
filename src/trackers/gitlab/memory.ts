import type { Source } from "../tracker.ts";
import type { Issue, Label } from "./schema.ts";

/** What was learned about a project from describing and reading it. */
export type ProjectMemory = {
  /** By id and by name: responses to writes contain only names. */
  readonly labels: { byId(id: string): Label | undefined; byName(name: string): Label | undefined };
  /** The ids of members and of other people on issues; null if GitLab does not list the members. */
  people: Set<string> | null;
  /** Whether an issue can have several assignees, which depends on the plan; null if unknown. */
  severalAssignees: boolean | null;
  /** The statuses, state id → whether it is closed; null if unknown, empty if there are none. */
  statuses: ReadonlyMap<string, boolean> | null;
  learnLabels(labels: readonly Label[]): void;
};

export type Memory = {
  of(source: Pick<Source, "key" | "nativeId">): ProjectMemory;
  /** Links a project's path to its id, once that is known. */
  describe(source: Pick<Source, "key" | "nativeId">, id: string): ProjectMemory;
  /** Records the labels that a list returned in full, and the people. */
  learn(source: Pick<Source, "key" | "nativeId">, issues: readonly Issue[]): void;
};

/** The memory of one connection: what writes need and the mirror does not store in that form. */
export function createMemory(): Memory {
  const projects = new Map<string, ProjectMemory>();

  function under(name: string): ProjectMemory {
    const known = projects.get(name) ?? emptyProject();
    projects.set(name, known);
    return known;
  }

  return {
    of: ({ key, nativeId }) => (nativeId === null ? under(key) : (projects.get(nativeId) ?? under(key))),
    describe({ key }, id) {
      const project = projects.get(id) ?? under(key);
      projects.set(id, project);
      projects.set(key, project);
      return project;
    },
    learn(source, issues) {
      const project = this.of(source);
      for (const { assignees } of issues) for (const { id } of assignees ?? []) project.people?.add(String(id));
      project.learnLabels(issues.flatMap(({ labels }) => labels.filter((label) => typeof label !== "string")));
    },
  };
}

function emptyProject(): ProjectMemory {
  const byId = new Map<string, Label>();
  const byName = new Map<string, Label>();
  return {
    labels: { byId: (id) => byId.get(id), byName: (name) => byName.get(name) },
    people: null,
    severalAssignees: null,
    statuses: null,
    learnLabels(labels) {
      for (const label of labels) {
        const known = byId.get(String(label.id));
        if (known !== undefined && known.name !== label.name && byName.get(known.name)?.id === label.id) {
          byName.delete(known.name);
        }
        byId.set(String(label.id), label);
        byName.set(label.name, label);
      }
    },
  };
}
