import type { User } from "./records.ts";
import type { GitHubState } from "./state.ts";
import { iso, nodeId } from "./wire-format.ts";

/** A user or organisation as embedded in other records. */
export function accountJson(origin: string, login: string, id: number, type: "User" | "Organization"): object {
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

/** The account itself, as in `/user`. */
export function privateUserJson(state: GitHubState, base: object, user: User): object {
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
