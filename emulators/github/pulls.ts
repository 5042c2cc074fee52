import type { WireReply, WireRequest } from "../server/http-server.ts";
import { pageOf } from "./paging.ts";
import { factsOf } from "./pull-facts.ts";
import type { Repo } from "./records.ts";
import { docs, jsonReply, notFound } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { changeIssue } from "./state.ts";
import { pullJson } from "./wire-pull.ts";
import { createPull, editPull, mergePull } from "./write-pulls.ts";

/** `/repos/{owner}/{repo}/pulls…`. https://docs.github.com/en/rest/pulls/pulls */
export function pullRoutes(
  context: RouteContext,
  repo: Repo,
  request: WireRequest,
  [numberText, ...rest]: readonly string[],
): WireReply {
  followBranches(context, repo);
  if (numberText === undefined) {
    if (request.method === "POST") return createPull(context, repo, request);
    return request.method === "GET" ? listPulls(context, repo, request) : notFound(docs.root);
  }
  const pull = repo.issues.get(Number(numberText));
  if (pull === undefined || !pull.isPull) return notFound(docs.pull);
  switch (`${request.method} ${rest.join("/")}`) {
    case "GET ":
      return jsonReply(200, pullJson(context, pull, "alone"));
    case "PATCH ":
      return editPull(context, pull, request);
    case "PUT merge":
      return mergePull(context, pull, request);
    case "GET merge":
      return factsOf(pull).mergedAt === null ? notFound(docs.pull) : { status: 204, body: "" };
    default:
      return notFound(docs.root);
  }
}

/** A push to a branch updates its open pull request. */
function followBranches({ state }: RouteContext, repo: Repo): void {
  if (repo.git === null) return;
  const branches = repo.git.branches();
  for (const [number, facts] of repo.pulls) {
    const pull = repo.issues.get(number);
    const sha = branches.get(facts.head);
    if (pull?.state !== "open" || sha === undefined || sha === facts.headSha) continue;
    facts.headSha = sha;
    changeIssue(pull, state.stamp(), () => {});
  }
}

function listPulls(context: RouteContext, repo: Repo, request: WireRequest): WireReply {
  const { query } = request;
  const state = query.get("state") ?? "open";
  const head = /^[^:]+:(.+)$/.exec(query.get("head") ?? "")?.[1];
  const base = query.get("base");
  const sort = query.get("sort") ?? "created";
  const isDescending = (query.get("direction") ?? (sort === "created" ? "desc" : "asc")) === "desc";
  const order = sort === "updated" ? repo.byUpdate : repo.byCreation;
  const filter = state === "all" || state === "closed" ? state : "open";
  const pulls = order[filter].items.filter((one) => one.isPull);
  const wanted = pulls.filter((one) => {
    const facts = factsOf(one);
    return (head === undefined || facts.head === head) && (base === null || facts.base === base);
  });
  const page = pageOf(
    isDescending ? wanted.toReversed() : wanted,
    `${context.origin}/repositories/${repo.id}/pulls`,
    request,
  );
  return jsonReply(
    200,
    page.items.map((one) => pullJson(context, one, "list")),
    page.headers,
  );
}
