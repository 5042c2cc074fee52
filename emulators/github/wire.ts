import type { Comment, Issue, Label, Milestone, Repo, User } from "./records.ts";
import type { GitHubState } from "./state.ts";

/** GitHub's JSON. Every object carries what the published schema requires of it. */
export type Wire = {
  user(user: User): object;
  privateUser(user: User): object;
  label(repo: Repo, label: Label): object;
  milestone(repo: Repo, milestone: Milestone): object;
  repo(repo: Repo, how: "list" | "full"): object;
  issue(issue: Issue, options: IssueOptions): object;
  comment(issue: Issue, comment: Comment): object;
};

export type IssueOptions = {
  /** The version of the API that was asked for; `assignee` is gone from 2026-03-10 on. */
  readonly version: string;
  /** Only search gives a score. */
  readonly score?: number;
  /** One issue alone says who closed it. */
  readonly alone?: boolean;
};

/** `origin` is the emulator's address; GitHub's pages and its API are both below it. */
export function createWire(state: GitHubState, origin: string): Wire {
  const users = new Map<User, object>();
  const owner = { ...accountJson(origin, state.organisation.login, state.organisation.id, "Organization") };

  function user(one: User): object {
    const known = users.get(one);
    if (known) return known;
    const made = accountJson(origin, one.login, one.id, "User");
    users.set(one, made);
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

  /** Counted once for each state of the repository: a list names the same milestone a hundred times. */
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
            type: {
              id: one.type.id,
              node_id: nodeId("IT", one.type.id),
              name: one.type.name,
              description: one.type.description,
              color: one.type.color,
              created_at: iso(repo.createdAt),
              updated_at: iso(repo.createdAt),
              is_enabled: true,
            },
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
      reactions: {
        url: `${url}/reactions`,
        total_count: 0,
        "+1": 0,
        "-1": 0,
        laugh: 0,
        hooray: 0,
        confused: 0,
        heart: 0,
        rocket: 0,
        eyes: 0,
      },
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
      reactions: {
        url: `${url}/reactions`,
        total_count: 0,
        "+1": 0,
        "-1": 0,
        laugh: 0,
        hooray: 0,
        confused: 0,
        heart: 0,
        rocket: 0,
        eyes: 0,
      },
      performed_via_github_app: null,
    };
  }

  return {
    user,
    label,
    milestone,
    issue,
    comment,
    repo: (one, how) => repoJson(origin, owner, one, how),
    privateUser: (one) => privateUserJson(state, user(one), one),
  };
}

function iso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : iso(time);
}

function nodeId(prefix: string, id: number): string {
  return `${prefix}_${Buffer.from(`harborline:${id}`).toString("base64url")}`;
}

function isOpen(issue: Issue): boolean {
  return issue.state === "open";
}

function summariseChildren(issue: Issue): object {
  const total = issue.children.length;
  const completed = issue.children.filter((child) => child.state === "closed").length;
  return { total, completed, percent_completed: total === 0 ? 0 : Math.floor((completed * 100) / total) };
}

function accountJson(origin: string, login: string, id: number, type: "User" | "Organization"): object {
  const url = `${origin}/users/${login}`;
  return {
    login,
    id,
    node_id: nodeId(type === "User" ? "U" : "O", id),
    avatar_url: `${origin}/avatars/u/${id}`,
    gravatar_id: "",
    url,
    html_url: `${origin}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

function privateUserJson(state: GitHubState, base: object, user: User): object {
  const repos = state.repos;
  return {
    ...base,
    name: user.name,
    company: "Harborline",
    blog: "",
    location: null,
    email: user.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    notification_email: user.email,
    public_repos: repos.filter((repo) => !repo.isPrivate).length,
    public_gists: 0,
    followers: 3,
    following: 5,
    created_at: "2019-03-04T08:15:00Z",
    updated_at: iso(Math.max(...repos.map((repo) => repo.createdAt))),
    private_gists: 0,
    total_private_repos: repos.filter((repo) => repo.isPrivate).length,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
    plan: { name: "free", space: 976_562_499, collaborators: 0, private_repos: 10_000 },
  };
}

/** Below `/repos/{owner}/{repo}`, by the name of the field that carries the address. */
const repoAddresses: Readonly<Record<string, string>> = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

function repoJson(origin: string, owner: object, repo: Repo, how: "list" | "full"): object {
  const url = `${origin}/repos/${repo.fullName}`;
  const page = `${origin}/${repo.fullName}`;
  const newest = repo.byUpdate.all.items.at(-1)?.updatedAt ?? repo.createdAt;
  const addresses = Object.fromEntries(Object.entries(repoAddresses).map(([name, path]) => [name, url + path]));
  return {
    id: repo.id,
    node_id: nodeId("R", repo.id),
    name: repo.fullName.split("/")[1] ?? repo.fullName,
    full_name: repo.fullName,
    private: repo.isPrivate,
    owner,
    html_url: page,
    description: repo.description,
    fork: false,
    url,
    ...addresses,
    created_at: iso(repo.createdAt),
    updated_at: iso(newest),
    pushed_at: iso(newest),
    git_url: `git://${page.slice("http://".length)}.git`,
    ssh_url: `git@127.0.0.1:${repo.fullName}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: 48_211,
    stargazers_count: 12,
    watchers_count: 12,
    language: repo.language,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 2,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: repo.openCount,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.isPrivate ? "private" : "public",
    forks: 2,
    open_issues: repo.openCount,
    watchers: 12,
    default_branch: "main",
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
    ...(how === "full" ? { network_count: 2, subscribers_count: 5, organization: owner } : {}),
  };
}
