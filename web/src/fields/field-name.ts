/** The properties of an issue that are set by choosing from a list or form. */
export const fieldNames = [
  "status",
  "priority",
  "assignees",
  "labels",
  "cycle",
  "dueDate",
  "estimate",
  "parent",
  "type",
] as const;

export type FieldName = (typeof fieldNames)[number];

export const fieldLabels: Record<FieldName, string> = {
  status: "Status",
  priority: "Priority",
  assignees: "Assignee",
  labels: "Labels",
  cycle: "Cycle",
  dueDate: "Due date",
  estimate: "Estimate",
  parent: "Parent",
  type: "Type",
};

/** Shortcuts for the fields changed most often. */
export const fieldKeys: Readonly<Record<string, FieldName>> = {
  s: "status",
  p: "priority",
  l: "labels",
  i: "assignees",
};
