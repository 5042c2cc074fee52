import { readClosingWords } from "../server/closing-words.ts";
import type { WireReply, WireRequest } from "../server/http-server.ts";
import { factsOf } from "./pull-facts.ts";
import { type BodyShape, readBody } from "./read-body.ts";
import type { Issue, PullFacts, Repo, User } from "./records.ts";
import { docs, type FieldError, jsonReply, messageReply, validationFailed } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { changeIssue, findRepo, type GitHubState, insertIssue, makeIssue, setIssueState } from "./state.ts";
import { pullJson } from "./wire-pull.ts";
import { authorOf, canPush, refuseToken } from "./write-access.ts";

const createShape: BodyShape = {
  title: ["string"],
  head: ["string"],
  head_repo: ["string"],
  base: ["string"],
  body: ["string", "null"],
  maintainer_can_modify: ["boolean"],
  draft: ["boolean"],
};

const editShape: BodyShape = {
  title: ["string"],
  body: ["string", "null"],
  state: ["string"],
  base: ["string"],
  maintainer_can_modify: ["boolean"],
};

const mergeShape: BodyShape = {
  commit_title: ["string"],
  commit_message: ["string"],
  sha: ["string"],
  merge_method: ["string"],
};

const maxTitle = 256;

/** Fine-grained tokens need a separate permission for pull requests, which none of the emulator's has. */
function refuse({ account }: RouteContext, repo: Repo, documentation: string): WireReply | null {
  if (account.issues === null) return refuseToken(account, repo, documentation);
  const reply = messageReply(403, "Resource not accessible by personal access token", documentation);
  return { ...reply, headers: { ...reply.headers, "X-Accepted-GitHub-Permissions": "pull_requests=write" } };
}

/** https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
export function createPull(context: RouteContext, repo: Repo, request: WireRequest): WireReply {
  const refused = refuse(context, repo, docs.createPull);
  if (refused !== null) return refused;
  const read = readBody(request, createShape, ["head", "base", "title"], docs.createPull);
  if ("refusal" in read) return read.refusal;
  const { title, head, base, body, draft } = read.body as Record<string, string | null> & { draft?: boolean };
  const [owner = ""] = repo.fullName.split("/");
  const branch = (head ?? "").startsWith(`${owner}:`) ? (head ?? "").slice(owner.length + 1) : (head ?? "");
  const errors = problemsOf(context, repo, { title: title ?? "", branch, base: base ?? "" });
  if (errors.length > 0) return validationFailed(errors, docs.createPull);

  const { state } = context;
  const at = state.stamp();
  const pull: Issue = { ...makeIssue(state, repo, at, authorOf(context.account)), isPull: true };
  pull.title = (title ?? "").trim();
  pull.body = body === "" ? null : (body ?? null);
  const branches = repo.git?.branches();
  repo.pulls.set(pull.number, {
    head: branch,
    base: base ?? "",
    headSha: branches?.get(branch) ?? "",
    baseSha: branches?.get(base ?? "") ?? "",
    draft: draft === true,
    mergedAt: null,
    mergedBy: null,
    mergeSha: null,
  });
  insertIssue(state, pull);
  const location = `${context.origin}/repos/${repo.fullName}/pulls/${pull.number}`;
  return jsonReply(201, pullJson(context, pull, "alone"), { Location: location });
}

function problemsOf(
  { account }: RouteContext,
  repo: Repo,
  { title, branch, base }: { readonly title: string; readonly branch: string; readonly base: string },
): readonly FieldError[] {
  const resource = "PullRequest";
  const custom = (message: string): FieldError => ({ resource, field: "base", code: "custom", message });
  const branches = repo.git?.branches() ?? new Map<string, string>();
  const missing = [
    ...(branches.has(branch) ? [] : [{ resource, field: "head", code: "invalid" }]),
    ...(branches.has(base) ? [] : [{ resource, field: "base", code: "invalid" }]),
    ...(title.trim() === "" ? [{ resource, field: "title", code: "missing_field" }] : []),
    ...(title.length > maxTitle ? [custom("title is too long (maximum is 256 characters)")] : []),
  ];
  if (missing.length > 0) return missing;
  if (!canPush(account)) return [custom("must be a collaborator")];
  if (branch === base || repo.git?.ahead(base, branch) === 0)
    return [custom(`No commits between ${base} and ${branch}`)];
  const open = [...repo.pulls].some(
    ([number, facts]) => facts.head === branch && facts.base === base && repo.issues.get(number)?.state === "open",
  );
  const [owner = ""] = repo.fullName.split("/");
  return open ? [custom(`A pull request already exists for ${owner}:${branch}.`)] : [];
}

/** Closes, reopens, and changes title and text. https://docs.github.com/en/rest/pulls/pulls#update-a-pull-request */
export function editPull(context: RouteContext, pull: Issue, request: WireRequest): WireReply {
  const refused = refuse(context, pull.repo, docs.editPull);
  if (refused !== null) return refused;
  const read = readBody(request, editShape, [], docs.editPull);
  if ("refusal" in read) return read.refusal;
  const { title, body, state: next } = read.body as Record<string, string | null | undefined>;
  if (next !== undefined && next !== "open" && next !== "closed") {
    return validationFailed([{ resource: "PullRequest", field: "state", code: "invalid" }], docs.editPull);
  }
  if (next === "open" && factsOf(pull).mergedAt !== null) {
    return validationFailed([{ resource: "PullRequest", field: "state", code: "invalid" }], docs.editPull);
  }
  const at = context.state.stamp();
  changeIssue(pull, at, (one) => {
    if (typeof title === "string") one.title = title.trim();
    if (body !== undefined) one.body = body === "" ? null : body;
    if (next !== undefined && next !== null) setIssueState(one, next, null, authorOf(context.account), at);
  });
  return jsonReply(200, pullJson(context, pull, "alone"));
}

/** https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request */
export function mergePull(context: RouteContext, pull: Issue, request: WireRequest): WireReply {
  const refused = refuse(context, pull.repo, docs.mergePull);
  if (refused !== null) return refused;
  if (!canPush(context.account)) return messageReply(403, "Forbidden", docs.mergePull);
  const read = readBody(request, mergeShape, [], docs.mergePull);
  if ("refusal" in read) return read.refusal;
  const { sha, merge_method: method = "merge", commit_title: commitTitle } = read.body as Record<string, string>;
  const facts = factsOf(pull);
  const isOpen = pull.state === "open" && !facts.draft && pull.repo.git?.branches().has(facts.head) === true;
  if (!isOpen) return messageReply(405, "Pull Request is not mergeable", docs.mergePull);
  if (sha !== undefined && sha !== facts.headSha) {
    return messageReply(409, "Head branch was modified. Review and try the merge again.", docs.mergePull);
  }
  const commit = pull.repo.git?.merge(
    method === "squash" ? "squash" : "merge",
    facts.base,
    facts.head,
    commitTitle ?? `${pull.title} (#${pull.number})`,
  );
  if (commit == null) return messageReply(405, "Pull Request is not mergeable", docs.mergePull);
  settle(context.state, pull, facts, authorOf(context.account), commit);
  return jsonReply(200, { sha: commit, merged: true, message: "Pull Request successfully merged" });
}

/** A pull request merged into the default branch closes the issues its text names. */
function settle(state: GitHubState, pull: Issue, facts: PullFacts, by: User, commit: string): void {
  const at = state.stamp();
  Object.assign(facts, { mergedAt: at, mergedBy: by, mergeSha: commit });
  changeIssue(pull, at, (one) => setIssueState(one, "closed", null, by, at));
  if (facts.base !== "main") return;
  for (const { source, number } of readClosingWords(pull.body ?? "")) {
    const repo = source === null ? pull.repo : findRepo(state, source);
    const issue = repo?.issues.get(number);
    if (issue !== undefined && !issue.isPull && issue.state === "open")
      changeIssue(issue, at, (one) => setIssueState(one, "closed", "completed", by, at));
  }
}
