import type { Source } from "../tracker.ts";
import type { Issue, Label } from "./schema.ts";

/** What was learned of a project while it was described and read. */
export type ProjectMemory = {
  /** By id and by name: answers to writes have names alone. */
  readonly labels: { byId(id: string): Label | undefined; byName(name: string): Label | undefined };
  /** Ids of the members, and of others who are on issues; null: GitLab does not tell who the members are. */
  people: Set<string> | null;
  /** Whether an issue can have several assignees, a matter of the plan; null: not told. */
  severalAssignees: boolean | null;
  /** What statuses there are, state id → whether it is a closed one; null: not told, empty: none. */
  statuses: ReadonlyMap<string, boolean> | null;
  learnLabels(labels: readonly Label[]): void;
};

export type Memory = {
  of(source: Pick<Source, "key" | "nativeId">): ProjectMemory;
  /** A project is known by its path first and by its id later. */
  describe(source: Pick<Source, "key" | "nativeId">, id: string): ProjectMemory;
  /** Learns the labels that a list gave in full, and the people. */
  learn(source: Pick<Source, "key" | "nativeId">, issues: readonly Issue[]): void;
};

/** One connection's memory: what the mirror does not keep in the way that writes want it. */
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
