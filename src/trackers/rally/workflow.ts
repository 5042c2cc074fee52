import { foldName } from "../../domain/fold-name.ts";
import { compare, type Condition, anyOf, allOf } from "./query.ts";
import { type ArtifactState, oidOf, type PortfolioState, type Reference, type TypeDefinition } from "./schema.ts";

/** How a type stores its state. Not derived from the prefix of FormattedIDs, which can be configured. */
export type Kind = "story" | "defect" | "task" | "portfolio";

/** A mirrored type of artifact. */
export type ArtifactType = {
  readonly kind: Kind;
  /** `_type`: `HierarchicalRequirement`, `PortfolioItem/Feature`. */
  readonly name: string;
  /** `hierarchicalrequirement`, `portfolioitem/feature`. */
  readonly path: string;
  readonly oid: string;
  /** The name that users see. */
  readonly label: string;
  /** Whether new ones can be created. */
  readonly isCreatable: boolean;
  /** A portfolio item type's level, the lowest is 0; null for other types. */
  readonly level: number | null;
  /** A portfolio item type's own columns, in order. */
  readonly states: readonly PortfolioState[];
};

const kinds: ReadonlyMap<string, Kind> = new Map([
  ["hierarchicalrequirement", "story"],
  ["defect", "defect"],
  ["task", "task"],
]);

export function kindOf(typeName: string): Kind {
  return kinds.get(typeName.toLowerCase()) ?? "portfolio";
}

const order: readonly Kind[] = ["story", "defect", "task", "portfolio"];

/** Stories, defects, tasks, and the workspace's own portfolio item types from the lowest level up. */
export function toArtifactTypes(
  definitions: readonly TypeDefinition[],
  states: readonly PortfolioState[],
): readonly ArtifactType[] {
  return definitions
    .filter(({ TypePath }) => kinds.has(TypePath.toLowerCase()) || /^portfolioitem\/./i.test(TypePath))
    .map((definition) => ({
      kind: kindOf(definition.TypePath),
      name: definition.TypePath,
      path: definition.TypePath.toLowerCase(),
      oid: String(definition.ObjectID),
      label: labelOf(definition),
      isCreatable: definition.Creatable !== false,
      level: kindOf(definition.TypePath) === "portfolio" ? (definition.Ordinal ?? 0) : null,
      states: states
        .filter(({ TypeDef }) => TypeDef != null && oidOf(TypeDef._ref) === String(definition.ObjectID))
        .sort((a, b) => (a.OrderIndex ?? 0) - (b.OrderIndex ?? 0)),
    }))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.level ?? 0) - (b.level ?? 0));
}

function labelOf({ DisplayName, TypePath }: TypeDefinition): string {
  if (DisplayName) return DisplayName;
  return kindOf(TypePath) === "story" ? "User Story" : (TypePath.split("/").at(-1) ?? TypePath);
}

/** The state's id; flow states and portfolio states by ObjectID, so that renaming does not change it. */
export function stateIdOf(
  artifact: Pick<ArtifactState, "_type" | "ScheduleState" | "State"> & { FlowState?: Reference | null | undefined },
): string {
  const { _type, State } = artifact;
  const column = artifact.FlowState ? oidOf(artifact.FlowState._ref) : (artifact.ScheduleState ?? "");
  switch (kindOf(_type)) {
    case "story":
      return `story:${column}`;
    case "defect":
      return `defect:${typeof State === "string" ? State : ""}:${column}`;
    case "task":
      return `task:${typeof State === "string" ? State : ""}`;
    case "portfolio":
      return portfolioStateId(_type, typeof State === "object" && State !== null ? oidOf(State._ref) : null);
  }
}

export function portfolioStateId(typeName: string, oid: string | null): string {
  return `${typeName.split("/").at(-1)?.toLowerCase() ?? ""}:${oid ?? "none"}`;
}

const accepted = "Accepted";
const closed = "Closed";
const completed = "Completed";
const doneName = foldName("Done");

/** A portfolio item type's final columns: Done and those after it, else the last one. */
export function doneStates(states: readonly PortfolioState[]): readonly PortfolioState[] {
  const first = states.findIndex(({ Name }) => foldName(Name) === doneName);
  return first >= 0 ? states.slice(first) : states.slice(-1);
}

/** Whether work on it has ended. Rally sets the date with the first schedule state from Accepted on, and clears it when the story moves back. */
export function isFinished(artifact: ArtifactState, types: readonly ArtifactType[]): boolean {
  const { _type, State } = artifact;
  switch (kindOf(_type)) {
    case "story":
      return artifact.AcceptedDate != null || artifact.ScheduleState === accepted;
    case "defect":
      return State === closed;
    case "task":
      return State === completed;
    case "portfolio": {
      if (typeof State !== "object" || State === null) return false;
      const oid = oidOf(State._ref);
      const own = types.find(({ name }) => name === _type);
      return doneStates(own?.states ?? []).some(({ ObjectID }) => String(ObjectID) === oid);
    }
  }
}

/** The same as a query condition for this type alone: queries across all types cannot use states. */
export function finishedCondition(type: ArtifactType, isWanted: boolean): Condition | null {
  switch (type.kind) {
    case "story":
      return isWanted
        ? anyOf([compare("AcceptedDate", "!=", null), compare("ScheduleState", "=", accepted)])
        : allOf([compare("AcceptedDate", "=", null), compare("ScheduleState", "!=", accepted)]);
    case "defect":
      return compare("State", isWanted ? "=" : "!=", closed);
    case "task":
      return compare("State", isWanted ? "=" : "!=", completed);
    case "portfolio": {
      const done = doneStates(type.states).map(({ ObjectID }) => compare("State.ObjectID", "=", ObjectID));
      if (isWanted) return done.length > 0 ? anyOf(done) : compare("ObjectID", "=", 0);
      const others = type.states
        .filter((state) => !doneStates(type.states).includes(state))
        .map(({ ObjectID }) => compare("State.ObjectID", "=", ObjectID));
      return anyOf([compare("State", "=", null), ...others]);
    }
  }
}

/** Whether the response contains the state, which is not guaranteed in lists across all types. */
export function hasState(raw: { readonly [key: string]: unknown }): boolean {
  const kind = kindOf(String(raw["_type"]));
  if (kind === "story") return raw["ScheduleState"] !== undefined;
  return raw["State"] !== undefined;
}
