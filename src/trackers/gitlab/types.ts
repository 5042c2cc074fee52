import type { IssueType, ScalarField, SetField } from "../../domain/operation.ts";
import type { WorkItemType } from "./work-items/schema.ts";

/** The types that REST creates and lists. https://docs.gitlab.com/api/issues/#create-an-issue */
const known: readonly string[] = ["issue", "incident", "task", "test_case"];

/** GraphQL's `Test Case` is `test_case` in REST. */
export function toTypeName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
}

/** The fields of an issue that a widget contains. */
const fieldsOf: ReadonlyMap<string, readonly (ScalarField | SetField)[]> = new Map(
  Object.entries<readonly (ScalarField | SetField)[]>({
    ASSIGNEES: ["assignees"],
    ITERATION: ["cycle"],
    LABELS: ["labels", "priority"],
    MILESTONE: ["cycle"],
    START_AND_DUE_DATE: ["dueDate"],
    WEIGHT: ["estimate"],
  }),
);

const always: readonly (ScalarField | SetField)[] = ["title", "body", "state"];

/** Further fields of some types: a task has a parent issue, and its type cannot change while it does. */
const particular: ReadonlyMap<string, readonly (ScalarField | SetField)[]> = new Map(
  Object.entries<readonly (ScalarField | SetField)[]>({
    issue: ["type"],
    incident: ["type"],
    task: ["parent"],
  }),
);

/**
 * A project's issue types, the usual one first. Tasks are below issues; the others are below epics and similar items, which no project has. Test cases need the
 * highest plan: they are shown but not created.
 */
export function toIssueTypes(types: readonly WorkItemType[] | null, isPaid: boolean): IssueType[] {
  if (types === null) return known.map((name) => toType(name, usualFields(isPaid)));
  const found = new Map(types.map((type) => [toTypeName(type.name), type]));
  return known.flatMap((name) => {
    const type = found.get(name);
    if (type === undefined) return [];
    const widgets = type.widgetDefinitions;
    if (widgets == null) return toType(name, usualFields(isPaid));
    return toType(name, [...always, ...new Set(widgets.flatMap((widget) => fieldsOf.get(widget.type) ?? []))]);
  });
}

function toType(name: string, has: readonly (ScalarField | SetField)[]): IssueType {
  return {
    name,
    creatable: name !== "test_case",
    needsParent: false,
    has: [...has, ...(particular.get(name) ?? [])],
    fields: [],
  };
}

function usualFields(isPaid: boolean): readonly (ScalarField | SetField)[] {
  return [...always, "labels", "priority", "assignees", "cycle", "dueDate", ...(isPaid ? (["estimate"] as const) : [])];
}
