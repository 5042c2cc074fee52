import { isStatus, statusLabels } from "../../../../src/domain/status.ts";
import type { IssueDetailShape } from "../../../../src/server/contract/issue.ts";
import type { TrackerShape } from "../../../../src/server/contract/tracker.ts";
import { toApiError, toProblemError } from "../../api/client.ts";
import type { Completers } from "../../editor/use-completion.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Icon, StatusIcon } from "../../ui/icon.tsx";
import { useShowMore } from "../../ui/show-more.tsx";
import { formatAgo, formatFull, formatNumberOf } from "../../ui/time.ts";
import { useIsPhone } from "../../ui/use-is-phone.ts";
import { useNow } from "../../ui/use-now.ts";
import { AgentButton } from "../../agents/agent-button.tsx";
import { actorWords } from "../../activity/actor-words.ts";
import { relationWords } from "../../activity/relation-words.ts";
import { fieldWords } from "../../outbox/operation-words.ts";
import { activityEntries, type HistoryLine } from "./activity-entries.ts";
import { Comment } from "./comment.tsx";
import { Composer } from "./composer.tsx";
import { ownPerson } from "./own-person.ts";
import { useComments } from "./use-comments.ts";

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
  const entries = activityEntries(shown, issue.history);
  const { shown: newest, more } = useShowMore(entries, entriesAtOnce);
  const problem =
    comments.error === null
      ? comments.data?.problem && toProblemError(comments.data.problem)
      : toApiError(comments.error);

  const isPhone = useIsPhone();
  const composer = wanted && writable && (
    <Composer issue={issue} tracker={tracker} completers={completers} onSend={add} />
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
          <li
            key={entry.kind === "comment" ? `c${entry.comment.id}` : `${entry.at}${entry.line.field}${entry.line.to}`}
          >
            {entry.kind === "comment" ? (
              <Comment
                comment={entry.comment}
                answered={shown.find(({ id }) => id === entry.comment.replyTo)}
                issue={issue}
                tracker={tracker}
                completers={completers}
                onEdit={(body) => edit(entry.comment.id, body)}
                onRemove={() => remove(entry.comment.id)}
              />
            ) : (
              <Line line={entry.line} label={label} />
            )}
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
        <b className="font-semibold text-ink">{actorWords(line.actor, label)}</b> <What line={line} />{" "}
        <time className="text-ink-3" dateTime={line.at} title={formatFull(line.at)}>
          · {formatAgo(line.at, now)}
        </time>
        <HistoryState state={line.state} />
      </span>
    </p>
  );
}

/** Descriptions of fields whose change needs no values. */
const deeds: ReadonlyMap<string, string> = new Map(
  Object.entries({
    created: "created the issue",
    create: "created the issue",
    gone: "deleted the issue",
    comment: "commented",
    "comment edited": "edited a comment",
    "comment deleted": "deleted a comment",
    "comment sent again": "restored a deleted comment, with a new time",
    body: "edited the description",
  }),
);

function What({ line }: { readonly line: HistoryLine }) {
  const deed = deeds.get(line.field);
  if (deed !== undefined) return deed;
  if (line.field === "relation") return <Relation line={line} />;
  return <Change line={line} />;
}

function Change({ line }: { readonly line: HistoryLine }) {
  const verb =
    line.field === "status" || line.field === "state"
      ? "moved"
      : line.field === "title"
        ? "renamed it"
        : `changed ${fieldWords(line.field).toLowerCase()}`;
  return (
    <>
      {verb}
      {line.from !== null && ` from ${valueWords(line.from)}`}
      {line.to === null && " to none"}
      {line.to !== null && (
        <>
          {" "}
          to <b className="font-semibold text-ink">{valueWords(line.to)}</b>
        </>
      )}
    </>
  );
}

function Relation({ line }: { readonly line: HistoryLine }) {
  const kept = line.to ?? line.from ?? "";
  return (
    <>
      {line.to === null ? "marked it as no longer " : "marked it as "}
      <b className="font-semibold text-ink">{relationWords(kept)}</b>
    </>
  );
}

const stateWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    queued: "queued",
    sending: "sending",
    waiting: "waiting",
    unknown: "answer lost, checking",
    refused: "not saved",
    conflict: "conflict",
    dropped: "dropped",
    undone: "undone",
    merged: "merged into a later change",
  }),
);

/** The write state of a change; nothing once it is written. */
function HistoryState({ state }: { readonly state: string }) {
  const words = stateWords.get(state);
  if (words === undefined) return null;
  const tone =
    state === "refused" ? "text-bad" : state === "conflict" || state === "waiting" ? "text-warn" : "text-ink-3";
  return <span className={tone}> · {words}</span>;
}
