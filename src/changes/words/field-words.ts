import type { ScalarField, SetField } from "../../domain/operation.ts";

/** What a sentence calls the fields that trackers share. */
export const fieldWords: Record<ScalarField | SetField, string> = {
  title: "title",
  body: "text",
  state: "state",
  priority: "priority",
  cycle: "cycle",
  dueDate: "due date",
  estimate: "estimate",
  parent: "parent",
  type: "type",
  labels: "labels",
  assignees: "assignees",
};
