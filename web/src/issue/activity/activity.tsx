import type { IssueDetailShape } from "../../../../src/server/contract/issue.ts";
import type { TrackerShape } from "../../../../src/server/contract/tracker.ts";
import { toApiError, toProblemError } from "../../api/client.ts";
import type { Completers } from "../../editor/use-completion.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Icon } from "../../ui/icon.tsx";
import { useShowMore } from "../../ui/show-more.tsx";
import { formatNumberOf } from "../../ui/time.ts";
import { useIsPhone } from "../../ui/use-is-phone.ts";
import { AgentButton } from "../../agents/agent-button.tsx";
import { activityEntries } from "./activity-entries.ts";
import { Comment } from "./comment.tsx";
import { Composer } from "./composer.tsx";
import { HistoryLine } from "./history-line.tsx";
import { OlderChanges } from "./older-changes.tsx";
import { ownPerson } from "./own-person.ts";
import { useAnswering } from "./use-answering.ts";
import { useComments } from "./use-comments.ts";
import "./activity.css";
import { useHistory } from "./use-history.ts";

type ActivityProps = {
  readonly address: string;
  readonly issue: IssueDetailShape;
  readonly tracker: TrackerShape | undefined;
  readonly completers: Completers;
  /** Whether the user can comment. */
  readonly writable: boolean;
};

/** How many comments and changes are shown at first, and how many more each time. */
const entriesAtOnce = 100;

/** Comments, fetched when the issue is opened, and history, newest first. Must be a direct child of the scroll container. */
export function Activity({ address, issue, tracker, completers, writable }: ActivityProps) {
  const me = ownPerson(tracker?.account ?? null, completers.members, issue.comments);
  const { comments: shown, asked: comments, add, edit, remove } = useComments(address, issue, me);
  const wanted = tracker?.capabilities["comments"] !== false;
  const label = tracker?.label ?? issue.tracker;
  const { lines, older } = useHistory(address, issue);
  const entries = activityEntries(shown, lines);
  const { shown: newest, more, showAlso } = useShowMore(entries, entriesAtOnce, shown.length + issue.historyTotal);
  const oldest = lines.at(-1);
  const problem =
    comments.error === null
      ? comments.data?.problem && toProblemError(comments.data.problem)
      : toApiError(comments.error);

  const isPhone = useIsPhone();
  const answering = useAnswering(issue, shown, tracker?.writing.comments.reply === true);
  const composer = wanted && writable && (
    <Composer issue={issue} tracker={tracker} completers={completers} answering={answering} onSend={add} />
  );

  const section = (
    <section className="issue-section" aria-label="Activity">
      <h3>
        Activity{" "}
        <span className="font-normal text-ink-3">{shown.length > 0 && formatNumberOf(shown.length, "comment")}</span>
        {comments.isFetching && wanted && (
          <output className="flex items-center gap-1.5 font-normal text-ink-3">
            <Icon name="spin" size={12} className="spinning" />
            Loading comments from {label}…
          </output>
        )}
      </h3>
      {problem != null && (
        <div className="my-2">
          <ErrorNote error={problem} onRetry={() => void comments.refetch()} />
          {shown.length > 0 && <p className="mt-1 text-11 text-ink-3">Showing the comments fetched earlier.</p>}
        </div>
      )}
      {!isPhone && composer}
      {entries.length === 0 && !comments.isFetching && problem == null && (
        <p className="py-1 text-12 text-ink-3">No comments or changes since this issue was mirrored.</p>
      )}
      <ul>
        {newest.map((entry) => (
          <li key={entry.kind === "comment" ? `c${entry.comment.id}` : entry.line.id}>
            {entry.kind === "comment" ? (
              <Comment
                comment={entry.comment}
                answered={shown.find(({ id }) => id === entry.comment.replyTo)}
                issue={issue}
                tracker={tracker}
                completers={completers}
                answering={wanted && writable ? answering : null}
                onEdit={(body) => edit(entry.comment.id, body)}
                onRemove={() => remove(entry.comment.id)}
              />
            ) : (
              <HistoryLine line={entry.line} label={label} />
            )}
            {/* Where the missing ones would be: older comments may follow. */}
            {entry.kind === "line" && entry.line === oldest && <OlderChanges older={older} onShow={showAlso} />}
          </li>
        ))}
      </ul>
      {more}
    </section>
  );
  return (
    <>
      <div className="px-4 pb-6">{section}</div>
      {/* On a phone the composer stays within reach wherever the issue is scrolled. */}
      {isPhone && composer !== false && (
        <div className="composer-dock">
          {composer}
          <AgentButton issue={issue} />
        </div>
      )}
    </>
  );
}
