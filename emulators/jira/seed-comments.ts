import { areaFor } from "../seed/areas.ts";
import { makeComment } from "../seed/bodies.ts";
import { colleagues } from "../seed/company.ts";
import { createRandom } from "../seed/random.ts";
import { markdownToAdf } from "./markdown-to-adf.ts";
import type { Comment, Issue } from "./records.ts";
import { findUser, type JiraState } from "./state.ts";

/** An issue's comments, generated from its id on first access. */
export function commentsOf(state: JiraState, issue: Issue): Comment[] {
  if (issue.comments !== null) return issue.comments;
  const random = createRandom(`${issue.id}/comments`);
  const area = areaFor(issue.project.area);
  const logins = colleagues.map(({ login }) => login);
  const spanMs = Math.max(0, issue.updatedAt - issue.createdAt);
  const times = Array.from({ length: issue.seededComments }, () =>
    Math.floor(issue.createdAt + spanMs * random.next()),
  );
  issue.comments = times
    .sort((a, b) => a - b)
    .map((at, position): Comment => {
      const author = findUser(state, random.pick(logins)) ?? issue.creator;
      return {
        id: issue.id * 100 + position,
        author,
        updateAuthor: author,
        body: markdownToAdf(makeComment(random, area, logins)),
        createdAt: at,
        updatedAt: at,
        properties: new Map(),
      };
    });
  return issue.comments;
}
