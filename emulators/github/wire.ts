import type { Account } from "./access.ts";
import type { Comment, Issue, IssueType, Label, Milestone, Repo, User } from "./records.ts";
import type { GitHubState } from "./state.ts";
import { accountJson, privateUserJson } from "./wire-accounts.ts";
import { iso, isoOrNull, nodeId } from "./wire-format.ts";
import { repoJson } from "./wire-repo.ts";

/** GitHub's JSON. Every object has the fields that the published schema requires. */
export type Wire = {
  user(user: User): object;
  privateUser(user: User): object;
  label(repo: Repo, label: Label): object;
  milestone(repo: Repo, milestone: Milestone): object;
  repo(repo: Repo, how: "list" | "full", account: Account): object;
  issueType(type: IssueType): object;
  issue(issue: Issue, options: IssueOptions): object;
  comment(issue: Issue, comment: Comment): object;
};

export type IssueOptions = {
  /** The requested API version; `assignee` is gone from 2026-03-10 on. */
  readonly version: string;
  /** Only in search results. */
  readonly score?: number;
  /** Only a single issue says who closed it. */
  readonly alone?: boolean;
};

/** `origin`: the emulator's address; GitHub's pages and its API are both below it. */
export function createWire(state: GitHubState, origin: string): Wire {
  /** By login, because people may be renamed. */
  const users = new Map<string, object>();
  const owner = { ...accountJson(origin, state.organisation.login, state.organisation.id, "Organization") };

  function user(one: User): object {
    const known = users.get(one.login);
    if (known) return known;
    const made = accountJson(origin, one.login, one.id, "User");
    users.set(one.login, made);
    return made;
  }

  function label(repo: Repo, one: Label): object {
    return {
      id: one.id,
      node_id: nodeId("LA", one.id),
      url: `${origin}/repos/${repo.fullName}/labels/${encodeURIComponent(one.name)}`,
      name: one.name,
      color: one.color,
      default: one.isDefault,
      description: one.description,
    };
  }

  function milestone(repo: Repo, one: Milestone): object {
    const url = `${origin}/repos/${repo.fullName}/milestones/${one.number}`;
    const counts = countMilestone(repo, one);
    return {
      url,
      html_url: `${origin}/${repo.fullName}/milestone/${one.number}`,
      labels_url: `${url}/labels`,
      id: one.id,
      node_id: nodeId("MI", one.id),
      number: one.number,
      title: one.title,
      description: one.description,
      creator: user(one.creator),
      open_issues: counts.open,
      closed_issues: counts.closed,
      state: one.closedAt === null ? "open" : "closed",
      created_at: iso(one.createdAt),
      updated_at: iso(one.updatedAt),
      due_on: isoOrNull(one.dueOn),
      closed_at: isoOrNull(one.closedAt),
    };
  }

  const milestoneCounts = new Map<Milestone, { version: number; open: number; closed: number }>();

  /** Cached per version of the repository: a list repeats the same milestone a hundred times. */
  function countMilestone(repo: Repo, one: Milestone): { open: number; closed: number } {
    const known = milestoneCounts.get(one);
    if (known && known.version === repo.version) return known;
    for (const each of repo.milestones) milestoneCounts.set(each, { version: repo.version, open: 0, closed: 0 });
    for (const issue of repo.issues.values()) {
      const counts = issue.milestone === null ? undefined : milestoneCounts.get(issue.milestone);
      if (counts) counts[issue.state] += 1;
    }
    return milestoneCounts.get(one) ?? { open: 0, closed: 0 };
  }

  function issueType({ id, name, description, color }: IssueType): object {
    const at = iso(state.repos[0]?.createdAt ?? 0);
    return {
      id,
      node_id: nodeId("IT", id),
      name,
      description,
      color,
      created_at: at,
      updated_at: at,
      is_enabled: true,
    };
  }

  function issue(one: Issue, options: IssueOptions): object {
    const { repo } = one;
    const url = `${origin}/repos/${repo.fullName}/issues/${one.number}`;
    const assignees = one.assignees.map(user);
    const page = `${origin}/${repo.fullName}/${one.isPull ? "pull" : "issues"}/${one.number}`;
    const json: Record<string, unknown> = {
      url,
      repository_url: `${origin}/repos/${repo.fullName}`,
      labels_url: `${url}/labels{/name}`,
      comments_url: `${url}/comments`,
      events_url: `${url}/events`,
      html_url: page,
      id: one.id,
      node_id: nodeId(one.isPull ? "PR" : "I", one.id),
      number: one.number,
      title: one.title,
      user: user(one.user),
      labels: one.labels.map((each) => label(repo, each)),
      state: one.state,
      locked: false,
      ...(options.version < "2026-03-10" ? { assignee: assignees[0] ?? null } : {}),
      assignees,
      milestone: one.milestone === null ? null : milestone(repo, one.milestone),
      comments: one.commentCount,
      created_at: iso(one.createdAt),
      updated_at: iso(one.updatedAt),
      closed_at: isoOrNull(one.closedAt),
      author_association: "MEMBER",
      ...(one.type === null
        ? {}
        : {
            type: issueType(one.type),
          }),
      active_lock_reason: null,
      ...(one.isPull
        ? {
            draft: false,
            pull_request: {
              url: `${origin}/repos/${repo.fullName}/pulls/${one.number}`,
              html_url: page,
              diff_url: `${page}.diff`,
              patch_url: `${page}.patch`,
              merged_at: isoOrNull(one.closedAt),
            },
          }
        : {
            sub_issues_summary: summariseChildren(one),
            issue_dependencies_summary: {
              blocked_by: one.blockedBy.filter(isOpen).length,
              total_blocked_by: one.blockedBy.length,
              blocking: one.blocking.filter(isOpen).length,
              total_blocking: one.blocking.length,
            },
            ...(one.parent === null
              ? {}
              : { parent_issue_url: `${origin}/repos/${one.parent.repo.fullName}/issues/${one.parent.number}` }),
          }),
      body: one.body,
      reactions: noReactions(`${url}/reactions`),
      timeline_url: `${url}/timeline`,
      performed_via_github_app: null,
      state_reason: one.stateReason,
      ...(options.alone ? { closed_by: one.closedBy === null ? null : user(one.closedBy) } : {}),
      ...(options.score === undefined ? {} : { score: options.score }),
    };
    if (one.malformed === "missing-field") delete json["title"];
    if (one.malformed === "wrong-type") json["updated_at"] = { at: one.updatedAt };
    return json;
  }

  function comment(one: Issue, own: Comment): object {
    const issueUrl = `${origin}/repos/${one.repo.fullName}/issues/${one.number}`;
    const url = `${origin}/repos/${one.repo.fullName}/issues/comments/${own.id}`;
    return {
      url,
      html_url: `${origin}/${one.repo.fullName}/${one.isPull ? "pull" : "issues"}/${one.number}#issuecomment-${own.id}`,
      issue_url: issueUrl,
      id: own.id,
      node_id: nodeId("IC", own.id),
      user: user(own.user),
      created_at: iso(own.createdAt),
      updated_at: iso(own.updatedAt),
      body: own.body,
      author_association: "MEMBER",
      reactions: noReactions(`${url}/reactions`),
      performed_via_github_app: null,
    };
  }

  return {
    user,
    label,
    milestone,
    issue,
    comment,
    issueType,
    repo: (one, how, account) => repoJson(origin, owner, one, how, account),
    privateUser: (one) => privateUserJson(state, user(one), one),
  };
}

function isOpen(issue: Issue): boolean {
  return issue.state === "open";
}

function summariseChildren(issue: Issue): object {
  const total = issue.children.length;
  const completed = issue.children.filter((child) => child.state === "closed").length;
  return { total, completed, percent_completed: total === 0 ? 0 : Math.floor((completed * 100) / total) };
}

/** The emulator has no reactions. */
function noReactions(url: string): object {
  return {
    url,
    total_count: 0,
    "+1": 0,
    "-1": 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
}
