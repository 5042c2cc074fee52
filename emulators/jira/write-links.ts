import type { WireReply, WireRequest } from "../server/http-server.ts";
import { readRecord, recordOf } from "./changes.ts";
import { may } from "./permissions.ts";
import type { Issue, Link } from "./records.ts";
import { errorReply, replies } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { changeIssue, findIssue } from "./state.ts";
import { done } from "./write-issues.ts";

/**
 * `POST issueLink`. `inwardIssue` blocks `outwardIssue`, whatever the names suggest (https://github.com/mozilla/jira-bugzilla-integration/pull/1285). Creating
 * an existing link returns the same response.
 */
export function addLink(context: RouteContext, request: WireRequest): WireReply {
  const { state, account } = context;
  const asked = readRecord(request.body);
  if (asked === null || Object.keys(asked).some((key) => !["type", "inwardIssue", "outwardIssue"].includes(key))) {
    return replies.badPayload();
  }
  const wanted = recordOf(asked["type"]);
  const type = state.linkTypes.find(({ id, name }) => String(id) === wanted?.["id"] || name === wanted?.["name"]);
  if (type === undefined) {
    return errorReply(404, [`No issue link type with name '${String(wanted?.["name"] ?? wanted?.["id"])}' found.`]);
  }
  const [from, to] = [issueOf(context, asked["inwardIssue"]), issueOf(context, asked["outwardIssue"])];
  if (from === null || to === null) return replies.noIssue();
  if (!may(account, from.project, "LINK_ISSUES")) {
    return errorReply(404, [`No Link Issue Permission for issue '${from.project.key}-${from.number}'`]);
  }
  if (from === to) return errorReply(400, ["You cannot link an issue to itself."]);
  if (!from.links.some((link) => link.type === type && link.from === from && link.to === to)) {
    const link: Link = { id: state.nextId(), type, from, to };
    for (const one of [from, to]) changeIssue(state, one, state.now(), ({ links }) => links.push(link));
  }
  return { status: 201, headers: {}, body: "" };
}

/** `DELETE issueLink/{id}`. */
export function removeLink(context: RouteContext, id: string): WireReply {
  const { state, account } = context;
  for (const issue of state.issuesById.values()) {
    const link = issue.links.find((one) => String(one.id) === id && one.from === issue);
    if (link === undefined) continue;
    if (!account.sees(link.from.project) || !account.sees(link.to.project)) break;
    if (!may(account, link.from.project, "LINK_ISSUES") && !may(account, link.to.project, "LINK_ISSUES")) {
      return errorReply(404, ["No Link Issue Permission."]);
    }
    for (const one of [link.from, link.to]) {
      changeIssue(state, one, state.now(), ({ links }) => links.splice(links.indexOf(link), 1));
    }
    return done();
  }
  return errorReply(404, [`No issue link with id '${id}' exists.`]);
}

function issueOf({ state, account }: RouteContext, value: unknown): Issue | null {
  const wanted = recordOf(value);
  const name = wanted?.["id"] ?? wanted?.["key"];
  const found = typeof name === "string" ? findIssue(state, name) : undefined;
  return found !== undefined && account.sees(found.project) ? found : null;
}
