/**
 * What a server may not have yet: linked items came with 16.3, then the choice of widgets (`onlyTypes`), statuses with 18.2 (and not in the free software).
 */
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

export function typesQuery(level: Level): string {
  const statuses = `... on WorkItemWidgetDefinitionStatus {
        allowedStatuses { id name category position }
        defaultOpenStatus { id }
        defaultClosedStatus { id }
      }`;
  return `query Types($path: ID!) {
  project(fullPath: $path) { workItemTypes { nodes { name widgetDefinitions {
        type
        ... on WorkItemWidgetDefinitionAssignees { allowsMultipleAssignees }
        ${level.statuses ? statuses : ""}
  } } } }
}`;
}

export function updateMutation(level: Level): string {
  return `mutation Update($input: WorkItemUpdateInput!) {
  workItemUpdate(input: $input) { errors workItem { ${fields(level)} } }
}`;
}
