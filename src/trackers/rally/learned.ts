import { foldName } from "../../domain/fold-name.ts";
import type { Label } from "../../domain/issue.ts";
import { createMemory, type Memory } from "./memory.ts";
import { type Artifact, oidOf } from "./schema.ts";

/** What a connection learns about a server while it is used. Nothing of it is needed: without it a request more is sent. */
export type Learned = {
  /** Whether lists of all types say what state each artifact is in. */
  statesTogether: boolean;
  /** Whether updates may name the version that they are based on; null: not tried yet. */
  takesVersions: boolean | null;
  /** Whether the marks of what was made come back; null: nothing was made yet. */
  keepsMarks: boolean | null;
  /** ObjectID of the key's user; null: not asked yet. */
  userId: number | null;
  /** Whether the key writes; null: not tried yet. */
  mayWrite: boolean | null;
  /** Paths of artifacts' types, by ObjectID: `hierarchicalrequirement`. */
  readonly typePaths: Memory<string>;
  /** Names of tags by workspace and ObjectID. */
  readonly tagNames: Memory<string>;
  /** ObjectIDs of what this connection made and had an answer for: none of it is what another lost answer made. */
  readonly made: Memory<true>;
};

export function createLearned(): Learned {
  return {
    statesTogether: true,
    takesVersions: null,
    keepsMarks: null,
    userId: null,
    mayWrite: null,
    typePaths: createMemory(100_000),
    tagNames: createMemory(20_000),
    made: createMemory(10_000),
  };
}

export function learnArtifacts(learned: Learned, workspace: string, artifacts: readonly Artifact[]): void {
  for (const { ObjectID, _type, Tags, Parent, PortfolioItem, Requirement, WorkProduct } of artifacts) {
    learned.typePaths.set(String(ObjectID), _type.toLowerCase());
    for (const above of [Parent, PortfolioItem, Requirement, WorkProduct]) {
      if (above?._type) learned.typePaths.set(oidOf(above._ref), above._type.toLowerCase());
    }
    for (const { Name, _ref } of Tags?._tagsNameArray ?? []) learned.tagNames.set(`${workspace}/${oidOf(_ref)}`, Name);
  }
}

export function learnTags(learned: Learned, workspace: string, tags: readonly Pick<Label, "id" | "name">[]): void {
  for (const { id, name } of tags) learned.tagNames.set(`${workspace}/${id}`, name);
}

/** The ObjectID of a tag by its name, as far as it is known. */
export function tagOf(learned: Learned, workspace: string, name: string): string | null {
  const wanted = foldName(name);
  for (const [key, known] of learned.tagNames.entries()) {
    const [place, id] = key.split("/");
    if (place === workspace && foldName(known) === wanted) return id ?? null;
  }
  return null;
}
