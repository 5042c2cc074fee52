import type { Account } from "./access.ts";
import type { Repo } from "./records.ts";
import { iso, nodeId } from "./wire-format.ts";

/** Paths below `/repos/{owner}/{repo}`, by the field that contains the URL. */
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

/** A repository in a list, or alone with all its fields. */
export function repoJson(origin: string, owner: object, repo: Repo, how: "list" | "full", account: Account): object {
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
    ...(account.user === null ? {} : { permissions: permissionsOf(account) }),
    ...(how === "full" ? { network_count: 2, subscribers_count: 5, organization: owner } : {}),
  };
}

/** The user's role, regardless of the token's permissions. */
function permissionsOf({ role }: Account): object {
  const writes = role === "write";
  return { admin: false, maintain: false, push: writes, triage: writes, pull: true };
}
