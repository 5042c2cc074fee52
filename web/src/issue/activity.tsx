import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { CommentShape, IssueDetailShape } from "../../../src/server/contract/issue.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { isStatus, statusLabels } from "../../../src/domain/status.ts";
import { toApiError, toProblemError } from "../api/client.ts";
import { commentsQuery, queryKeys } from "../api/queries.ts";
import { Avatar } from "../ui/avatar.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, StatusIcon } from "../ui/icon.tsx";
import { formatAgo, formatFull, formatNumberOf } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { Prose } from "./prose.tsx";

type HistoryLine = IssueDetailShape["history"][number];
type Entry =
  | { readonly kind: "comment"; readonly at: string; readonly comment: CommentShape }
  | { readonly kind: "line"; readonly at: string; readonly line: HistoryLine };

type ActivityProps = {
  readonly address: string;
  readonly issue: IssueDetailShape;
  readonly tracker: TrackerShape | undefined;
};

/** Comments, asked for when the issue is opened, and what happened to the issue; the newest first. */
export function Activity({ address, issue, tracker }: ActivityProps) {
  const client = useQueryClient();
  const comments = useQuery(commentsQuery(address));
  const wanted = tracker?.capabilities["comments"] !== false;
  const label = tracker?.label ?? issue.tracker;

  // Asking for comments reads the issue anew as well: relations and the rest may have come with it.
  useEffect(() => {
    if (comments.data === undefined) return;
    client.invalidateQueries({ queryKey: [...queryKeys.issues, address] }).catch(() => undefined);
  }, [client, comments.data, address]);

  const shown = comments.data?.comments ?? issue.comments;
  const entries: Entry[] = [
    ...shown.map((comment): Entry => ({ kind: "comment", at: comment.createdAt, comment })),
    ...issue.history.map((line): Entry => ({ kind: "line", at: line.at, line })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const problem =
    comments.error === null
      ? comments.data?.problem && toProblemError(comments.data.problem)
      : toApiError(comments.error);

  return (
    <section className="issue-section" aria-label="Activity">
      <h3>
        Activity{" "}
        <span className="font-normal text-ink-3">{shown.length > 0 && formatNumberOf(shown.length, "comment")}</span>
        {comments.isFetching && wanted && (
          <output className="flex items-center gap-1.5 font-normal text-ink-3">
            <Icon name="spin" size={12} className="spinning" />
            asking {label} for comments
          </output>
        )}
      </h3>
      {problem != null && (
        <div className="my-2">
          <ErrorNote error={problem}>
            <button
              type="button"
              className="button"
              data-size="small"
              disabled={comments.isFetching}
              onClick={() => void comments.refetch()}
            >
              Retry
            </button>
          </ErrorNote>
          {shown.length > 0 && <p className="mt-1 text-11 text-ink-3">Below are the comments fetched before.</p>}
        </div>
      )}
      {entries.length === 0 && !comments.isFetching && problem == null && (
        <p className="py-1 text-12 text-ink-3">No comments, and nothing has changed since the issue was mirrored.</p>
      )}
      <ul>
        {entries.map((entry) => (
          <li
            key={entry.kind === "comment" ? `c${entry.comment.id}` : `${entry.at}${entry.line.field}${entry.line.to}`}
          >
            {entry.kind === "comment" ? (
              <Comment comment={entry.comment} tracker={tracker} base={issue.url} />
            ) : (
              <Line line={entry.line} label={label} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

type CommentProps = {
  readonly comment: CommentShape;
  readonly tracker: TrackerShape | undefined;
  readonly base: string;
};

function Comment({ comment, tracker, base }: CommentProps) {
  const now = useNow();
  const { author } = comment;
  const edited = Date.parse(comment.updatedAt) - Date.parse(comment.createdAt) > 1000;
  return (
    <article className="comment">
      <header>
        <Avatar person={author} me={author !== null && tracker?.account?.login === author.login} />
        <b className="truncate font-semibold">{author === null ? "Somebody" : author.name || author.login}</b>
        <time className="flex-none text-ink-3" dateTime={comment.createdAt} title={formatFull(comment.createdAt)}>
          {formatAgo(comment.createdAt, now)}
          {edited && ", edited"}
        </time>
      </header>
      <Prose text={comment.body} base={base} connection={tracker?.connection} />
    </article>
  );
}

function valueWords(value: string): string {
  return isStatus(value) ? statusLabels[value] : value;
}

function Line({ line, label }: { readonly line: HistoryLine; readonly label: string }) {
  const now = useNow();
  const to = line.to !== null && isStatus(line.to) ? line.to : null;
  return (
    <p className="history-line">
      {to === null ? (
        <Icon name="pencil" size={14} className="text-ink-3" />
      ) : (
        <StatusIcon status={to} size={14} label={false} />
      )}
      <span className="wrap-anywhere">
        <b className="font-semibold text-ink">{line.actor === "tracker" ? label : line.actor}</b>: {line.field}
        {line.from !== null && ` from ${valueWords(line.from)}`}
        {line.to !== null && (
          <>
            {" "}
            to <b className="font-semibold text-ink">{valueWords(line.to)}</b>
          </>
        )}{" "}
        <time className="text-ink-3" dateTime={line.at} title={formatFull(line.at)}>
          · {formatAgo(line.at, now)}
        </time>
      </span>
    </p>
  );
}
