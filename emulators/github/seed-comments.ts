import { areaFor } from "../seed/areas.ts";
import { makeComment } from "../seed/bodies.ts";
import { sourcesOf } from "../seed/catalogue.ts";
import { colleagues } from "../seed/company.ts";
import { createRandom } from "../seed/random.ts";
import type { Comment, Issue } from "./records.ts";
import { type GitHubState, toSecond, userOf } from "./state.ts";

/** The id of an issue's first seeded comment. */
export function firstCommentId(issue: Issue): number {
  return issue.id + 1_000_000_000;
}

/** An issue's comments, generated from its number on first access. */
export function commentsOf(state: GitHubState, issue: Issue): Comment[] {
  if (issue.comments !== null) return issue.comments;
  const random = createRandom(`${issue.id}/comments`);
  const name = issue.repo.fullName;
  const area = areaFor(sourcesOf("github", 4).find(({ key }) => key === name)?.area ?? "portal");
  const logins = colleagues.map(({ login }) => login);
  const spanMs = Math.max(0, issue.updatedAt - issue.createdAt);
  const times = Array.from({ length: issue.commentCount }, () => toSecond(issue.createdAt + spanMs * random.next()));
  issue.comments = times
    .sort((a, b) => a - b)
    .map((at, position) => ({
      id: firstCommentId(issue) + position,
      user: userOf(state, random.pick(logins)),
      body: makeComment(random, area, logins),
      createdAt: at,
      updatedAt: at,
    }));
  return issue.comments;
}
