import type { Person } from "../../../domain/issue.ts";
import { parseBody } from "../../http/parse-body.ts";
import type { ReadResult, WrittenComment } from "../../tracker.ts";
import { learnArtifacts } from "../learned.ts";
import { addPerson, toComment, toIssue, toSeen } from "../map.ts";
import type { RallyParts } from "../parts.ts";
import { Artifact, Post } from "../schema.ts";

/** A complete item from the tracker. */
export type FoundIssue = Extract<ReadResult, { kind: "issue" }>;

/** Converts the response to a write, or a record of a list, to a new base. */
export async function toFound(
  { client, places, learned }: RallyParts,
  workspace: string,
  object: unknown,
  requestedAt: number,
): Promise<FoundIssue> {
  const artifact = parseBody(Artifact, object, { tracker: "rally", what: "item" });
  learnArtifacts(learned, workspace, [artifact]);
  const types = await places.typesOf(workspace);
  return {
    kind: "issue",
    issue: toIssue(artifact, { server: client.baseUrl, types }),
    seen: toSeen([artifact], client.baseUrl),
    requestedAt,
  };
}

export function parsePost(object: unknown): Post {
  return parseBody(Post, object, { tracker: "rally", what: "comment" });
}

export function toWrittenComment({ client }: RallyParts, post: Post): WrittenComment {
  const people = new Map<string, Person>();
  if (post.User) addPerson(people, post.User, client.baseUrl);
  return { comment: toComment(post, client.baseUrl), seen: { people: [...people.values()] } };
}
