import type { Area } from "../seed/area.ts";
import { areaFor } from "../seed/areas.ts";
import { makeComment } from "../seed/bodies.ts";
import { gitHubPullNumber } from "../seed/catalogue.ts";
import { colleagues } from "../seed/company.ts";
import { createRandom } from "../seed/random.ts";
import { type Attachment, type Author, byUser, type Comment, type Issue } from "./records.ts";
import { type LinearState, userOf } from "./state.ts";

/** An issue's comments, generated from its id on first access. */
export function commentsOf(state: LinearState, issue: Issue): Comment[] {
  if (issue.comments !== null) return issue.comments;
  const random = createRandom(`${issue.id}/comments`);
  const area: Area = areaFor(issue.team.area);
  const logins = colleagues.map(({ login }) => login);
  const spanMs = Math.max(0, issue.updatedAt - issue.createdAt);
  const times = Array.from({ length: issue.seededComments }, () =>
    Math.floor(issue.createdAt + spanMs * random.next()),
  );
  issue.comments = times
    .sort((a, b) => a - b)
    .map((at) => ({
      id: random.uuid(),
      createdAt: at,
      updatedAt: at,
      issue,
      ...byUser(userOf(state, random.pick(logins))),
      parent: null,
      body: makeComment(random, area, logins),
      editedAt: null,
    }))
    // An external reporter comments first.
    .map((comment, index) => (index === 0 ? { ...comment, ...outsideAuthorOf(issue) } : comment));
  for (const comment of issue.comments) state.comments.set(comment.id, comment);
  return issue.comments;
}

function outsideAuthorOf({ externalUserCreator, botActor }: Issue): Partial<Author> {
  if (externalUserCreator !== null) return { user: null, externalUser: externalUserCreator };
  return botActor === null ? {} : { user: null, botActor };
}

/** Pull requests that GitHub's integration attached to issues in review or done. */
export function attachmentsOf(issue: Issue): Attachment[] {
  if (issue.attachments !== null) return issue.attachments;
  const random = createRandom(`${issue.id}/attachments`);
  const hasPull = (issue.state.type === "completed" || issue.state.name.endsWith("Review")) && random.chance(0.5);
  const number = gitHubPullNumber(random.int(40));
  issue.attachments = hasPull
    ? [
        {
          id: random.uuid(),
          createdAt: issue.createdAt,
          updatedAt: issue.updatedAt,
          issue,
          title: `#${number} ${issue.title}`,
          subtitle: "harborline/portal",
          url: `https://github.com/harborline/portal/pull/${number}`,
          sourceType: "github",
          creator: issue.creator,
        },
      ]
    : [];
  return issue.attachments;
}
