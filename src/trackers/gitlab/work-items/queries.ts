/** What a server may not support: linked items came with 16.3, then the choice of widgets (`onlyTypes`), statuses with 18.2 (not in the Community Edition). */
export type Level = { readonly links: boolean; readonly statuses: boolean; readonly choice: boolean };

export const least: Level = { links: false, statuses: false, choice: false };

export const levels: readonly Level[] = [
  { links: true, statuses: true, choice: true },
  { links: true, statuses: false, choice: true },
  { links: true, statuses: false, choice: false },
  least,
];

const other = "id iid title webUrl";
const links = `... on WorkItemWidgetLinkedItems { linkedItems(first: 100) { nodes { linkId linkType workItem { ${other} } } pageInfo { hasNextPage } } }`;
const status = "... on WorkItemWidgetStatus { status { id name category position } }";

function fields(level: Level): string {
  return `id state updatedAt closedAt widgets${level.choice ? `(onlyTypes: [HIERARCHY, LINKED_ITEMS${level.statuses ? ", STATUS" : ""}])` : ""} {
    ... on WorkItemWidgetHierarchy { parent { ${other} } }
    ${level.links ? links : ""}
    ${level.statuses ? status : ""}
  }`;
}

export function factsQuery(level: Level): string {
  return `query Facts($path: ID!, $iids: [String!]) {
  project(fullPath: $path) { workItems(iids: $iids, first: 100) { nodes { ${fields(level)} } } }
}`;
}

/**
 * What a server may not tell about work item types: their widgets came with 16.7 (`widgets`). The Community Edition lacks multiple assignees and statuses
 * (18.2); it can be recognized by `WorkItemWidgetDefinitionAssignees`, which there has only `canInviteMembers`:
 * https://gitlab.com/gitlab-org/gitlab/-/merge_requests/136616
 */
export type TypesLevel = {
  readonly widgets: boolean;
  readonly assignees: "several" | "invited" | null;
  readonly statuses: boolean;
};

export const typesLevels: readonly TypesLevel[] = [
  { widgets: true, assignees: "several", statuses: true },
  { widgets: true, assignees: "several", statuses: false },
  { widgets: true, assignees: "invited", statuses: false },
  { widgets: true, assignees: null, statuses: false },
  { widgets: false, assignees: null, statuses: false },
];

export function typesQuery(level: TypesLevel): string {
  const statuses = `... on WorkItemWidgetDefinitionStatus {
        allowedStatuses { id name category position }
        defaultOpenStatus { id }
        defaultClosedStatus { id }
      }`;
  const definitions = `widgetDefinitions {
        type
        ${level.assignees === null ? "" : `... on WorkItemWidgetDefinitionAssignees { ${level.assignees === "several" ? "allowsMultipleAssignees" : "canInviteMembers"} }`}
        ${level.statuses ? statuses : ""}
  }`;
  return `query Types($path: ID!) {
  project(fullPath: $path) { workItemTypes { nodes { name ${level.widgets ? definitions : ""} } } }
}`;
}

export function updateMutation(level: Level): string {
  return `mutation Update($input: WorkItemUpdateInput!) {
  workItemUpdate(input: $input) { errors workItem { ${fields(level)} } }
}`;
}
