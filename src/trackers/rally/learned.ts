import { foldName } from "../../domain/fold-name.ts";
import type { Label } from "../../domain/issue.ts";
import { createMemory, type Memory } from "./memory.ts";
import { type Artifact, oidOf } from "./schema.ts";

/** What a connection learns about a server. None of it is required: without it, an additional request is sent. */
export type Learned = {
  /** Whether lists of all types contain each artifact's state. */
  statesTogether: boolean;
  /** Whether updates can contain the version that they are based on; null if not tried yet. */
  takesVersions: boolean | null;
  /** Whether the server keeps the operations' marks; null if nothing was created yet. */
  keepsMarks: boolean | null;
  /** ObjectID of the key's user; null if not requested yet. */
  userId: number | null;
  /** Whether the key may write; null if not tried yet. */
  mayWrite: boolean | null;
  /** Type paths of artifacts by ObjectID: `hierarchicalrequirement`. */
  readonly typePaths: Memory<string>;
  /** Tag names by workspace and ObjectID. */
  readonly tagNames: Memory<string>;
  /** ObjectIDs of what this connection created and got a response for, which therefore is not the result of a lost response. */
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

/** The ObjectID of a tag by its name, if known. */
export function tagOf(learned: Learned, workspace: string, name: string): string | null {
  const wanted = foldName(name);
  for (const [key, known] of learned.tagNames.entries()) {
    const [place, id] = key.split("/");
    if (place === workspace && foldName(known) === wanted) return id ?? null;
  }
  return null;
}
