import { areaFor } from "../seed/areas.ts";
import { makeComment } from "../seed/bodies.ts";
import { colleagues } from "../seed/company.ts";
import { createRandom } from "../seed/random.ts";
import type { Artifact, Post } from "./records.ts";
import { toHtml } from "./rich-text.ts";
import type { RallyState } from "./state.ts";

/** An artifact's discussion, generated from its ObjectID on first access. */
export function postsOf(state: RallyState, artifact: Artifact): Post[] {
  if (artifact.posts !== null) return artifact.posts;
  const random = createRandom(`${artifact.oid}/posts`);
  const area = areaFor(artifact.project.area);
  const logins = colleagues.map(({ login }) => login);
  const spanMs = Math.max(0, artifact.updatedAt - artifact.createdAt);
  const times = Array.from({ length: artifact.seededPosts }, () =>
    Math.floor(artifact.createdAt + spanMs * random.next()),
  );
  artifact.posts = times
    .sort((a, b) => a - b)
    .map((at, index) => ({
      oid: artifact.oid * 100 + index,
      artifact,
      number: index + 1,
      user: random.pick(state.users),
      text: toHtml(makeComment(random, area, logins)),
      createdAt: at,
      updatedAt: at,
      version: 1,
    }));
  return artifact.posts;
}
