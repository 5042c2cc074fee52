/** Properties of an issue that are changed by choosing. */
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

/** Single keys for the fields that are changed the most. */
export const fieldKeys: Readonly<Record<string, FieldName>> = {
  s: "status",
  p: "priority",
  l: "labels",
  i: "assignees",
};
