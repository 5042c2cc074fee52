import type { ScalarField, SetField } from "../../domain/operation.ts";

/** The names of the shared fields inside a sentence. */
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
