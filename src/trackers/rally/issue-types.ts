import type { Person } from "../../domain/issue.ts";
import type { IssueType, ScalarField, SetField } from "../../domain/operation.ts";
import { type Attribute, toFields } from "./attributes.ts";
import type { ArtifactType } from "./workflow.ts";

type Field = ScalarField | SetField;

const everywhere: readonly Field[] = ["title", "body", "state", "labels", "assignees"];

/** Further writable fields. A task has the time box of its parent, and only defects have a priority. */
const more: Readonly<Record<ArtifactType["kind"], readonly Field[]>> = {
  story: ["cycle", "estimate", "parent"],
  defect: ["priority", "cycle", "estimate", "parent"],
  task: ["estimate", "parent"],
  portfolio: [],
};

/** The types of items of a project, in the order of the types. */
export function toIssueTypes(
  types: ReadonlyMap<ArtifactType, readonly Attribute[]>,
  people: readonly Person[],
): readonly IssueType[] {
  const highest = Math.max(...[...types.keys()].map(({ level }) => level ?? 0));
  return [...types].map(([type, attributes]) => ({
    name: type.label,
    creatable: type.isCreatable,
    needsParent: type.kind === "task",
    has: [...everywhere, ...more[type.kind], ...(type.kind === "portfolio" ? portfolioFields(type, highest) : [])],
    fields: toFields(attributes, people),
  }));
}

/** Only the lowest level is planned for releases; the highest has no parent. */
function portfolioFields({ level }: ArtifactType, highest: number): readonly Field[] {
  return [...(level === 0 ? (["cycle"] as const) : []), ...((level ?? 0) < highest ? (["parent"] as const) : [])];
}
