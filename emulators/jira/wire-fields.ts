import type { Edition } from "./state.ts";

export type FieldInfo = {
  readonly id: string;
  readonly name: string;
  readonly custom: boolean;
  readonly schema: { readonly type: string; readonly [key: string]: unknown };
};

/** Ids of custom fields; they differ between Jira instances. */
export const customIds = {
  cloud: {
    sprint: "customfield_10020",
    points: "customfield_10016",
    classicPoints: "customfield_10026",
    epic: "customfield_10014",
    epicName: "customfield_10011",
  },
  "data-center": {
    sprint: "customfield_10104",
    points: "customfield_10106",
    classicPoints: "customfield_10106",
    epic: "customfield_10100",
    epicName: "customfield_10102",
  },
} as const;

/** The company's own custom fields, the same in both editions. */
export const sharedIds = {
  freightClass: "customfield_10030",
  /** Required for a new bug in operations. */
  impact: "customfield_10031",
  /** Only on transition screens. */
  note: "customfield_10032",
} as const;

/** The options of `impact`. */
export const impactOptions = [
  { id: "10200", value: "One truck" },
  { id: "10201", value: "One carrier" },
  { id: "10202", value: "Everybody" },
] as const;

/** The fields that `field` lists. */
export function fieldInfos(edition: Edition): readonly FieldInfo[] {
  const ids = customIds[edition];
  const system = (id: string, name: string, type: string, items?: string): FieldInfo => ({
    id,
    name,
    custom: false,
    schema: { type, ...(items === undefined ? {} : { items }), system: id },
  });
  const custom = (id: string, name: string, type: string, kind: string, items?: string): FieldInfo => ({
    id,
    name,
    custom: true,
    schema: { type, ...(items === undefined ? {} : { items }), custom: kind, customId: Number(id.split("_")[1]) },
  });
  const software = "com.pyxis.greenhopper.jira";
  const float = "com.atlassian.jira.plugin.system.customfieldtypes:float";
  return [
    system("summary", "Summary", "string"),
    system("description", "Description", "string"),
    system("project", "Project", "project"),
    system("issuetype", "Issue Type", "issuetype"),
    system("status", "Status", "status"),
    system("resolution", "Resolution", "resolution"),
    system("parent", "Parent", "issuelink"),
    system("priority", "Priority", "priority"),
    system("labels", "Labels", "array", "string"),
    system("assignee", "Assignee", "user"),
    system("creator", "Creator", "user"),
    system("reporter", "Reporter", "user"),
    system("created", "Created", "datetime"),
    system("updated", "Updated", "datetime"),
    system("resolutiondate", "Resolved", "datetime"),
    system("duedate", "Due date", "date"),
    system("issuelinks", "Linked Issues", "array", "issuelinks"),
    system("attachment", "Attachment", "array", "attachment"),
    custom("customfield_10001", "Team", "team", "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team"),
    custom(sharedIds.freightClass, "Freight class", "number", float),
    custom(sharedIds.impact, "Impact", "option", "com.atlassian.jira.plugin.system.customfieldtypes:select"),
    custom(sharedIds.note, "Closing note", "string", "com.atlassian.jira.plugin.system.customfieldtypes:textarea"),
    custom(ids.sprint, "Sprint", "array", `${software}:gh-sprint`, edition === "cloud" ? "json" : "string"),
    ...(edition === "cloud"
      ? [custom(ids.points, "Story point estimate", "number", `${software}:jsw-story-points`)]
      : []),
    custom(ids.classicPoints, "Story Points", "number", float),
    custom(ids.epic, "Epic Link", "any", `${software}:gh-epic-link`),
    custom(ids.epicName, "Epic Name", "string", `${software}:gh-epic-label`),
  ];
}
