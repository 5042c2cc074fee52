import type { WireReply, WireRequest } from "../server/http-server.ts";
import { missingFields, readAsked, readChanges, recordOf } from "./changes.ts";
import { newIssue } from "./new-issue.ts";
import { may } from "./permissions.ts";
import { type Issue, type IssueType, keyOf, type Project } from "./records.ts";
import { errorReply, jsonReply, replies } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { fieldsOn, type ScreenField, transitionFields } from "./screens.ts";
import { changeIssue, findProject, insertIssue, setStatus } from "./state.ts";
import { availableTo } from "./transitions.ts";

/** `POST issue`. */
export function createIssue(context: RouteContext, request: WireRequest): WireReply {
  const { state, account, wire } = context;
  const asked = readAsked(request.body);
  if (asked === null) return replies.badPayload();
  const project = projectOf(context, asked.fields["project"]);
  if (project === null) return errorReply(400, [], { project: "Specify a valid project ID or key" });
  if (!may(account, project, "CREATE_ISSUES")) {
    return errorReply(400, [], { project: "You cannot create issues in this project." });
  }
  const type = typeOf(context, asked.fields["issuetype"]);
  if (type === null) return errorReply(400, [], { issuetype: "Specify a valid issue type" });
  const screen = fieldsOn("create", { state, wire, project, type });
  const { project: _project, issuetype: _type, ...fields } = asked.fields;
  const missing = missingFields(asked, screen);
  if (missing !== null) return missing;
  const changes = readChanges({ ...asked, fields }, screen, { state, account, project, type, issue: null });
  if ("refusal" in changes) return changes.refusal;
  const at = state.now();
  const issue = newIssue(state, project, type, account.user, at);
  for (const set of changes.settings) set(issue);
  for (const [key, value] of asked.properties) issue.properties.set(key, value);
  issue.parent?.children.push(issue);
  insertIssue(state, issue);
  const id = String(issue.id);
  return jsonReply(201, { id, key: keyOf(issue), self: `${apiOf(context)}/issue/${id}` });
}

/** `PUT issue/{id}`: 204, or the issue with `returnIssue`. */
export function editIssue(context: RouteContext, request: WireRequest, issue: Issue): WireReply {
  const { state, account, wire } = context;
  const asked = readAsked(request.body);
  if (asked === null) return replies.badPayload();
  if (!may(account, issue.project, "EDIT_ISSUES")) {
    return errorReply(403, ["You do not have permission to edit issues in this project."]);
  }
  const screen = fieldsOn("edit", { state, wire, project: issue.project, type: issue.type });
  const refusal = change(context, issue, asked, screen, null);
  if (refusal !== null) return refusal;
  if (state.edition !== "cloud" || request.query.get("returnIssue") !== "true") return done();
  return jsonReply(200, wire.issue(issue, ["*all"]));
}

/** `POST issue/{id}/transitions`. */
export function moveIssue(context: RouteContext, request: WireRequest, issue: Issue): WireReply {
  const { state, account } = context;
  const asked = readAsked(request.body);
  if (asked === null) return replies.badPayload();
  if (asked.transition === null) return errorReply(400, ["Missing 'transition' identifier"]);
  const transition = availableTo(issue, account).find(({ id }) => String(id) === asked.transition);
  if (transition === undefined) {
    return errorReply(400, [`Transition id '${asked.transition}' is not valid for this issue.`]);
  }
  const screen = transitionFields(context, transition.screen);
  const missing = missingFields(asked, screen);
  if (missing !== null) return missing;
  return (
    change(context, issue, asked, screen, (one) => {
      const wanted = asked.fields["resolution"] === undefined ? null : one.resolution;
      setStatus(state, one, transition.to, wanted, state.now());
    }) ?? done()
  );
}

/** Applies the request completely or not at all. A change without effect keeps the update time. */
function change(
  context: RouteContext,
  issue: Issue,
  asked: NonNullable<ReturnType<typeof readAsked>>,
  screen: readonly ScreenField[],
  last: ((issue: Issue) => void) | null,
): WireReply | null {
  const { state, account, wire } = context;
  const { project, type } = issue;
  const changes = readChanges(asked, screen, { state, account, project, type, issue });
  if ("refusal" in changes) return changes.refusal;
  const apply = (one: Issue) => {
    for (const set of changes.settings) set(one);
    last?.(one);
  };
  const trial: Issue = { ...issue, custom: new Map(issue.custom) };
  apply(trial);
  const shown = (one: Issue) => JSON.stringify([wire.issue(one, ["*all"]), [...one.custom]]);
  if (shown(trial) !== shown(issue)) {
    const { parent } = issue;
    changeIssue(state, issue, state.now(), apply);
    if (issue.parent !== parent) {
      if (parent !== null) parent.children.splice(parent.children.indexOf(issue), 1);
      issue.parent?.children.push(issue);
    }
    // An epic that becomes another type loses its children.
    for (const child of issue.children.filter((one) => one.type.level + 1 !== issue.type.level)) {
      child.parent = null;
      issue.children.splice(issue.children.indexOf(child), 1);
    }
  }
  for (const [key, value] of asked.properties) issue.properties.set(key, value);
  return null;
}

function projectOf({ state, account }: RouteContext, value: unknown): Project | null {
  const wanted = recordOf(value);
  const name = wanted?.["id"] ?? wanted?.["key"];
  const found = typeof name === "string" ? findProject(state, name) : undefined;
  return found !== undefined && account.sees(found) ? found : null;
}

function typeOf({ state }: RouteContext, value: unknown): IssueType | null {
  const wanted = recordOf(value);
  return state.types.find(({ id, name }) => String(id) === wanted?.["id"] || name === wanted?.["name"]) ?? null;
}

export function done(): WireReply {
  return { status: 204, headers: {}, body: "" };
}

export function apiOf({ state }: Pick<RouteContext, "state">): string {
  return `${state.baseUrl}/rest/api/${state.edition === "cloud" ? 3 : 2}`;
}
