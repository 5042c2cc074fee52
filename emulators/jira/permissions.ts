import type { WireReply, WireRequest } from "../server/http-server.ts";
import type { Account } from "./access.ts";
import type { Project } from "./records.ts";
import { errorReply, jsonReply } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { findIssue, findProject } from "./state.ts";

/** Project permissions. https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/ */
const names = {
  BROWSE_PROJECTS: "Browse Projects",
  CREATE_ISSUES: "Create Issues",
  EDIT_ISSUES: "Edit Issues",
  TRANSITION_ISSUES: "Transition Issues",
  ASSIGN_ISSUES: "Assign Issues",
  SCHEDULE_ISSUES: "Schedule Issues",
  LINK_ISSUES: "Link Issues",
  DELETE_ISSUES: "Delete Issues",
  ADD_COMMENTS: "Add Comments",
  EDIT_OWN_COMMENTS: "Edit Own Comments",
  EDIT_ALL_COMMENTS: "Edit All Comments",
  DELETE_OWN_COMMENTS: "Delete Own Comments",
  DELETE_ALL_COMMENTS: "Delete All Comments",
} as const;

export type Permission = keyof typeof names;

/** No account is an administrator, so other people's comments and issues stay. */
const nobodys: readonly Permission[] = ["DELETE_ISSUES", "EDIT_ALL_COMMENTS", "DELETE_ALL_COMMENTS"];

export function may(account: Account, project: Project, permission: Permission): boolean {
  if (!account.sees(project)) return false;
  return permission === "BROWSE_PROJECTS" || (account.writes && !nobodys.includes(permission));
}

/** `GET mypermissions`. Cloud requires a list of permissions; Data Center returns all. */
export function myPermissions({ state, account }: RouteContext, request: WireRequest): WireReply {
  const all = Object.keys(names) as Permission[];
  const isCloud = state.edition === "cloud";
  const asked = request.query.get("permissions");
  if (isCloud && asked === null) return errorReply(400, ["The 'permissions' query parameter is required."]);
  const wanted = isCloud ? (asked ?? "").split(",") : all;
  const unknown = wanted.find((key) => !all.some((one) => one === key));
  if (unknown !== undefined) return errorReply(400, [`Unrecognized permission: ${unknown}`]);
  const projectName = request.query.get("projectId") ?? request.query.get("projectKey");
  const issueName = request.query.get("issueId") ?? request.query.get("issueKey");
  const project =
    projectName !== null
      ? findProject(state, projectName)
      : issueName !== null
        ? findIssue(state, issueName)?.project
        : undefined;
  if ((projectName ?? issueName) !== null && (project === undefined || !account.sees(project))) {
    return errorReply(404, [`No project could be found with key '${projectName ?? issueName}'.`]);
  }
  const places = project === undefined ? state.projects : [project];
  const permissions = Object.fromEntries(
    all
      .filter((key) => wanted.includes(key))
      .map((key, index) => [
        key,
        {
          id: String(10 + index),
          key,
          name: names[key],
          type: "PROJECT",
          description: `Ability to ${names[key].toLowerCase()}.`,
          havePermission: places.some((one) => may(account, one, key)),
        },
      ]),
  );
  return jsonReply(200, { permissions });
}
