import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { CommentShape, IssueDetailShape } from "../../../../src/server/contract/issue.ts";
import { changeCalls } from "../../api/change-calls.ts";
import { type ApiError, toApiError } from "../../api/client.ts";
import { api } from "../../api/endpoints.ts";
import { commentsQuery, issueQuery, queryKeys } from "../../api/queries.ts";
import { readTime } from "../../api/read-times.ts";
import { cardKey } from "../../board/data/board-data.ts";
import { useChanges, useNoticeStore } from "../../changes/changes-provider.tsx";
import { createLocalList, useLocalList } from "../../changes/local-list.ts";
import { isNothingLeft, sendAgain, wasInterrupted } from "../../changes/send-again.ts";
import type { UnsentCall } from "../../changes/unsent/unsent.ts";
import { issueDraftId, readDraft, returnDraft, writeDraft } from "../../editor/drafts.ts";
import type { PersonShape } from "../../ui/person.ts";
import { answeredDraftId } from "./use-answering.ts";
import { layOver, type LocalComment } from "./lay-over-comments.ts";

const localComments = createLocalList<LocalComment>();

async function readIssue(client: QueryClient, address: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: [...queryKeys.issues, address] }),
    client.invalidateQueries({ queryKey: queryKeys.outbox }),
  ]);
}

/** Whether a new comment is among an issue's, as they are now. `known`: ids of those before it. */
async function isTaken(
  client: QueryClient,
  address: string,
  { body, known }: { readonly body: string; readonly known: ReadonlySet<string> },
): Promise<boolean> {
  const { comments } = await client.fetchQuery({ ...issueQuery(address), staleTime: 0 });
  return comments.some((comment) => !known.has(comment.id) && comment.body.trim() === body.trim());
}

/** An issue's comments, fetched when it is opened, with optimistic writes that are reverted if they fail. */
export function useComments(address: string, issue: IssueDetailShape, me: PersonShape | null) {
  const client = useQueryClient();
  const { run: make } = useChanges();
  const notices = useNoticeStore();
  const asked = useQuery(commentsQuery(address));

  // Fetching comments also refreshes the issue on the server, relations included, so refetch it.
  useEffect(() => {
    if (asked.data === undefined) return;
    client.invalidateQueries({ queryKey: [...queryKeys.issues, address] }).catch(() => undefined);
  }, [client, asked.data, address]);

  // Prefer the issue's own comments if they were fetched later.
  const isAskedNewer =
    asked.data !== undefined && !(Date.parse(issue.commentsFetchedAt ?? "") >= Date.parse(asked.data.fetchedAt ?? ""));
  const newest = isAskedNewer ? asked.data.comments : issue.comments;
  const local = useLocalList(localComments, cardKey(issue), readTime(isAskedNewer ? asked.data : issue));
  const comments = useMemo(() => layOver(newest, local), [newest, local]);

  const run = (
    change: LocalComment,
    back: LocalComment,
    what: string,
    call: UnsentCall,
    /** Whether a refusal of a repeated call means that the first one had arrived. */
    isDone: (refusal: ApiError) => boolean | Promise<boolean>,
    /** Called if the comment was not changed: it was refused, or undone before it was sent. */
    returnText?: () => void,
  ) => {
    const shown = localComments.add(cardKey(issue), change);
    const send = (step: string, isRepeated: boolean) => sendAgain(() => api.change(call, step), isRepeated, isDone);
    const showUndone = () => localComments.add(cardKey(issue), back);
    make(`${issue.ref}: ${what}`, issue, send, { showUndone, unsent: call }).then(
      async (isMade) => {
        if (!isMade) {
          shown.remove();
          return returnText?.();
        }
        shown.answered();
        await readIssue(client, address);
        localComments.reread();
      },
      (error: unknown) => {
        shown.remove();
        returnText?.();
        notices.fail(`Not saved: ${issue.ref}, ${what}`, toApiError(error));
      },
    );
  };

  return {
    comments,
    asked,
    add: (body: string, replyTo: string | null) => {
      const key = crypto.randomUUID();
      const at = new Date().toISOString();
      const comment = {
        id: key,
        author: me,
        body,
        createdAt: at,
        updatedAt: at,
        own: false,
        pending: true,
        sentAgain: false,
        replyTo: replyTo === null ? null : (comments.find(({ id }) => id === replyTo)?.replyTo ?? replyTo),
      };
      const known = idsOf(newest);
      run(
        { kind: "added", comment, known },
        { kind: "withdrawn", comment, known },
        "comment added",
        {
          ...changeCalls.addComment(address, { body, replyTo }, key),
          texts: [
            { draft: issueDraftId(issue, "comment"), text: body, joins: true },
            ...(replyTo === null ? [] : [{ draft: answeredDraftId(issue), text: replyTo, joins: false }]),
          ],
        },
        async (refusal) => wasInterrupted(refusal) && (await isTaken(client, address, { body, known })),
        () => {
          returnDraft(issueDraftId(issue, "comment"), body);
          if (replyTo !== null && readDraft(answeredDraftId(issue)) === null) {
            writeDraft(answeredDraftId(issue), replyTo);
          }
        },
      );
    },
    edit: (id: string, body: string) => {
      const before = comments.find((comment) => comment.id === id)?.body ?? "";
      const draft = issueDraftId(issue, `comment ${id}`);
      run(
        { kind: "edited", id, body },
        { kind: "edited", id, body: before },
        "comment edited",
        { ...changeCalls.editComment(address, id, body), texts: [{ draft, text: body, joins: false }] },
        () => false,
        () => {
          // A newer draft of the comment started from the failed text; keep it.
          if (readDraft(draft) === null) writeDraft(draft, body);
        },
      );
    },
    remove: (id: string) => {
      const comment = comments.find((one) => one.id === id);
      if (comment === undefined) return;
      // Restoring it may give it another id.
      const known = idsOf(newest.filter((one) => one.id !== id));
      run(
        { kind: "removed", id },
        { kind: "added", comment: { ...comment, pending: true }, known },
        "comment deleted",
        changeCalls.removeComment(address, id),
        isNothingLeft,
      );
    },
  };
}

function idsOf(comments: readonly CommentShape[]): ReadonlySet<string> {
  return new Set(comments.map(({ id }) => id));
}
