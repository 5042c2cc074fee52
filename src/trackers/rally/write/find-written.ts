import type { IssueAddress, NativeDraft } from "../../../domain/operation.ts";
import type { OperationMark, Source, WrittenComment } from "../../tracker.ts";
import { refuseUnreadable } from "../../http/parse-body.ts";
import { artifactFields } from "../fields.ts";
import { idOf } from "../pull.ts";
import { readMarker } from "../marker.ts";
import { htmlToMarkdown } from "../text/html-to-markdown.ts";
import { typeOfDraft } from "./new-item.ts";
import { compare } from "../query.ts";
import { isSameText } from "../text/same-text.ts";
import { Artifact, type Post, oidOf } from "../schema.ts";
import { readVersion } from "../version.ts";
import type { RallyParts } from "../parts.ts";
import { type FoundIssue, toFound, toWrittenComment } from "./written.ts";
import { onServerClock } from "../../server-clock.ts";

/** How long before the first attempt the search starts: clocks are compared by a header with a resolution of seconds. */
const slackMs = 2 * 60 * 1000;

/** Items without a mark have to match the time more closely. */
const closeMs = 10 * 1000;

const pageSize = 200;

/**
 * Finds the items that an operation created, oldest first: those with its mark. On a server that drops marks: those of the same author and type with the same
 * name and text, created at or after the first attempt, for which no response arrived. Two requests, unless hundreds of items were created since.
 */
export async function findCreated(
  parts: RallyParts,
  source: Source,
  draft: NativeDraft,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<readonly FoundIssue[]> {
  if (mark.firstSentAt === null) return [];
  const { client, places, learned } = parts;
  const scope = await places.scopeOf(source, signal);
  const type = typeOfDraft(draft, await places.typesOf(scope.workspace, signal));
  const { userId, sentAt } = await whoAndWhen(parts, mark.firstSentAt, signal);
  const found: FoundIssue[] = [];
  for (let start = 1; ;) {
    const page = await client.fetchPage(
      {
        path: type.path,
        scope,
        query: compare("CreationDate", ">=", new Date(sentAt - slackMs)),
        order: "CreationDate ASC,ObjectID",
        fetch: artifactFields,
        size: pageSize,
        start,
      },
      signal,
    );
    for (const raw of page.records) {
      if (idOf(raw) === null || !Artifact.safeParse(raw).success) {
        refuseUnreadable(raw, mark, "rally");
        continue;
      }
      const one = await toFound(parts, scope.workspace, raw, page.requestedAt);
      if (one.issue.authorId === userId) found.push(one);
    }
    start = page.start + page.records.length;
    if (page.records.length === 0 || start > page.total) break;
  }
  const markOf = ({ issue }: FoundIssue) => readVersion(issue.version).mark;
  const marked = found.filter((one) => markOf(one) === mark.id.toLowerCase());
  if (marked.length > 0 || learned.keepsMarks === true || found.some((one) => markOf(one) !== null)) return marked;
  return found.filter(
    ({ issue }) =>
      issue.createdAt >= sentAt - closeMs &&
      issue.title.trim() === draft.title.trim() &&
      isSameText(draft.body, issue.body, client.baseUrl) &&
      learned.made.get(issue.nativeId) === undefined,
  );
}

/** Like `findCreated`, in an item's discussion. */
export async function findComments(
  parts: RallyParts,
  source: Source,
  issue: IssueAddress,
  body: string,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<readonly WrittenComment[]> {
  if (mark.firstSentAt === null) return [];
  const { client, places, learned } = parts;
  const { workspace } = await places.scopeOf(source, signal);
  const { userId, sentAt } = await whoAndWhen(parts, mark.firstSentAt, signal);
  const since = compare("CreationDate", ">=", new Date(sentAt - slackMs));
  const own: { readonly post: Post; readonly text: string; readonly id: string | null }[] = [];
  for await (const page of client.fetchPosts(workspace, issue.nativeId, signal, since)) {
    for (const post of page) {
      if (!post.User || oidOf(post.User._ref) !== userId) continue;
      own.push({ post, ...readMarker(htmlToMarkdown(post.Text ?? "", client.baseUrl)) });
    }
  }
  const ordered = own.toSorted(
    (a, b) => a.post.CreationDate - b.post.CreationDate || a.post.ObjectID - b.post.ObjectID,
  );
  const marked = ordered.filter(({ id }) => id === mark.id.toLowerCase());
  const isTold = marked.length > 0 || learned.keepsMarks === true || ordered.some(({ id }) => id !== null);
  const found = isTold
    ? marked
    : ordered.filter(
        ({ post, text }) =>
          post.CreationDate >= sentAt - closeMs &&
          isSameText(body, text, client.baseUrl) &&
          learned.made.get(String(post.ObjectID)) === undefined,
      );
  return found.map(({ post }) => toWrittenComment(parts, post));
}

/** The key's user, and the time of the first attempt on the server's clock. */
async function whoAndWhen(
  { client }: RallyParts,
  firstSentAt: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly userId: string; readonly sentAt: number }> {
  const { user, requestedAt, serverTime } = await client.fetchCaller(signal);
  const sentAt = onServerClock(firstSentAt, { requestedAt, serverTime });
  return { userId: String(user.ObjectID), sentAt };
}
