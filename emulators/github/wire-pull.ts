import { factsOf } from "./pull-facts.ts";
import type { Issue } from "./records.ts";
import type { RouteContext } from "./route-context.ts";
import { iso, isoOrNull, nodeId } from "./wire-format.ts";

/** A pull request in a list, or alone. https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request */
export function pullJson(context: RouteContext, pull: Issue, how: "list" | "alone"): object {
  const { wire, origin, account, version } = context;
  const { repo, number } = pull;
  const facts = factsOf(pull);
  const url = `${origin}/repos/${repo.fullName}/pulls/${number}`;
  const issue = `${origin}/repos/${repo.fullName}/issues/${number}`;
  const page = `${origin}/${repo.fullName}/pull/${number}`;
  const [owner = ""] = repo.fullName.split("/");
  const own = wire.repo(repo, "list", account);
  const user = wire.user(pull.user);
  const branch = (ref: string, sha: string) => ({ label: `${owner}:${ref}`, ref, sha, user, repo: own });
  const assignees = pull.assignees.map((one) => wire.user(one));
  const statuses = `${origin}/repos/${repo.fullName}/statuses/${facts.headSha}`;
  const json = {
    url,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${origin}/repos/${repo.fullName}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user,
    body: pull.body,
    labels: pull.labels.map((label) => wire.label(repo, label)),
    milestone: pull.milestone === null ? null : wire.milestone(repo, pull.milestone),
    active_lock_reason: null,
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.updatedAt),
    closed_at: isoOrNull(pull.closedAt),
    merged_at: isoOrNull(facts.mergedAt),
    merge_commit_sha: facts.mergeSha,
    ...(version < "2026-03-10" ? { assignee: assignees[0] ?? null } : {}),
    assignees,
    requested_reviewers: [],
    requested_teams: [],
    head: branch(facts.head, facts.headSha),
    base: branch(facts.base, facts.baseSha),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${origin}/repos/${repo.fullName}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: "MEMBER",
    auto_merge: null,
    draft: facts.draft,
  };
  if (how === "list") return json;
  return {
    ...json,
    merged: facts.mergedAt !== null,
    mergeable: pull.state === "open" ? true : null,
    rebaseable: pull.state === "open" ? true : null,
    mergeable_state: pull.state === "open" ? "clean" : "unknown",
    merged_by: facts.mergedBy === null ? null : wire.user(facts.mergedBy),
    comments: pull.commentCount,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 1,
    deletions: 0,
    changed_files: 1,
  };
}
