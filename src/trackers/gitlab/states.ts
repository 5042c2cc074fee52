import type { NativeState } from "../../domain/issue.ts";
import { toStateId } from "./status-ids.ts";
import { toTypeName } from "./types.ts";
import type { WorkItemType } from "./work-items/schema.ts";

/** The states of every GitLab project. */
export const gitlabStates: readonly NativeState[] = [
  { id: "opened", name: "Open", category: "open", position: 0 },
  { id: "closed", name: "Closed", category: "closed", position: 1 },
];

/** The categories of statuses that close an issue. */
const closing: readonly string[] = ["closed", "done", "canceled"];

export function isClosed(state: Pick<NativeState, "category">): boolean {
  return closing.includes(state.category);
}

/**
 * The states of a project's issues: the statuses of their types in GitLab's order, and open and closed for types without statuses. Statuses exist since 18.2 in
 * paid plans: https://docs.gitlab.com/user/work_items/status/
 */
export function toStates(types: readonly WorkItemType[]): readonly NativeState[] {
  const found = new Map<string, { readonly state: NativeState; readonly types: string[] }>();
  const without: string[] = [];
  for (const { name, widgetDefinitions } of types) {
    const statuses = widgetDefinitions?.find(({ allowedStatuses }) => allowedStatuses?.length)?.allowedStatuses ?? [];
    if (statuses.length === 0) without.push(toTypeName(name));
    for (const status of statuses) {
      const id = toStateId(status.id);
      if (id === null) continue;
      const category = status.category?.toLowerCase() ?? "to_do";
      const known = found.get(id)?.types;
      if (known !== undefined) known.push(toTypeName(name));
      else {
        const state = { id, name: status.name, category, position: found.size };
        found.set(id, { state, types: [toTypeName(name)] });
      }
    }
  }
  if (found.size === 0) return gitlabStates;
  const statuses = [...found.values()].map(({ state, types: own }) => ({ ...state, types: own }));
  return [
    ...statuses,
    ...gitlabStates.map((state) => ({ ...state, position: statuses.length + state.position, types: without })),
  ];
}
