import type { Area } from "../seed/area.ts";
import { makeBody } from "../seed/bodies.ts";
import { gitHubIssueNumber, gitHubPullNumber } from "../seed/catalogue.ts";
import { colleagues } from "../seed/company.ts";
import { createRandom } from "../seed/random.ts";
import type { Story } from "../seed/story.ts";
import type { Issue, Repo } from "./records.ts";
import { type GitHubState, labelOf, toSecond, userOf } from "./state.ts";

/** A pull request opened some hours after the issue it resolves. */
export function toPull(
  state: GitHubState,
  repo: Repo,
  about: {
    readonly key: string;
    readonly index: number;
    readonly stories: readonly Story[];
    readonly area: Area;
    readonly closed: number;
  },
): Issue {
  const random = createRandom(`${about.key}/pull/${about.index}`);
  const position = Math.min(about.stories.length - 1, about.index * 2 + 1);
  const story = about.stories[position];
  if (story === undefined) throw new Error("A pull request needs an issue.");
  const number = gitHubPullNumber(about.index);
  const createdAt = toSecond(story.createdAt + (story.updatedAt - story.createdAt) * random.next() * 0.9);
  const closed = random.chance(about.closed);
  const updatedAt = toSecond(createdAt + (story.updatedAt - createdAt) * random.next());
  const author = userOf(state, random.pick(colleagues.slice(0, 9)).login);
  const verb = story.kind === "bug" ? "Fix" : story.kind === "feature" ? "Add" : "Tidy";
  return {
    id: 1_800_000_000 + repo.id * 7 + number * 11,
    repo,
    number,
    isPull: true,
    title: `${verb}: ${story.title.slice(0, 1).toLowerCase()}${story.title.slice(1)}`,
    body: `Closes #${gitHubIssueNumber(position)}.\n\n${makeBody(random, { title: story.title, kind: "chore", component: story.component, area: about.area, references: [] })}`,
    user: author,
    labels: random.chance(0.3) ? [labelOf(repo, `area: ${story.component.toLowerCase()}`)] : [],
    assignees: random.chance(0.3) ? [author] : [],
    milestone: null,
    type: null,
    state: closed ? "closed" : "open",
    stateReason: null,
    closedBy: closed ? author : null,
    createdAt,
    updatedAt,
    closedAt: closed ? updatedAt : null,
    commentCount: random.int(4),
    comments: null,
    parent: null,
    children: [],
    blockedBy: [],
    blocking: [],
    malformed: null,
  };
}
