import { useState } from "react";
import type { CommentShape, IssueDetailShape } from "../../../../src/server/contract/issue.ts";
import type { TrackerShape } from "../../../../src/server/contract/tracker.ts";
import { issueDraftId, useDraft } from "../../editor/drafts.ts";
import { MarkdownEditor } from "../../editor/markdown-editor.tsx";
import type { Completers } from "../../editor/use-completion.ts";
import { commandKey } from "../../shell/shortcuts.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Icon } from "../../ui/icon.tsx";
import { formatAgo, formatFull } from "../../ui/time.ts";
import { useAgo } from "../../ui/use-now.ts";
import { firstLine, nameOf } from "./comment-words.ts";
import type { Answering } from "./use-answering.ts";
import { Prose } from "../prose/prose.tsx";

type CommentProps = {
  readonly comment: CommentShape;
  /** The comment it replies to, if loaded. */
  readonly answered: CommentShape | undefined;
  readonly issue: IssueDetailShape;
  readonly tracker: TrackerShape | undefined;
  readonly completers: Completers;
  /** null: the user cannot comment. */
  readonly answering: Answering | null;
  readonly onEdit: (body: string) => void;
  readonly onRemove: () => void;
};

/** A comment; the user can edit and delete their own if the tracker allows it. */
export function Comment(props: CommentProps) {
  const { comment, answered, issue, tracker, completers, answering, onEdit, onRemove } = props;
  const ago = useAgo(comment.createdAt, formatAgo);
  const [draft, setDraft] = useDraft(issueDraftId(issue, `comment ${comment.id}`));
  const [asked, setAsked] = useState(false);
  const { author } = comment;
  const edited = Date.parse(comment.updatedAt) - Date.parse(comment.createdAt) > 1000;
  const mine = comment.own && !comment.pending;
  const may = tracker?.writing.comments;
  const save = () => {
    if (draft === null || draft.trim() === "") return;
    setDraft(null);
    if (draft !== comment.body) onEdit(draft);
  };
  return (
    <article className="comment" data-pending={comment.pending || undefined}>
      <header>
        <Avatar person={author} me={author !== null && tracker?.account?.login === author.login} />
        <b className="truncate font-semibold">{nameOf(author)}</b>
        <time className="flex-none text-ink-3" dateTime={comment.createdAt} title={formatFull(comment.createdAt)}>
          {ago}
          {edited && ", edited"}
        </time>
        {comment.replyTo !== null && (
          <span className="truncate text-ink-3" title={answered && firstLine(answered.body)}>
            {answered === undefined ? "a reply" : `in reply to ${nameOf(answered.author)}`}
          </span>
        )}
        {comment.sentAgain && (
          <span className="flex-none text-ink-3" title="Restored after it was deleted, with a new time and ID.">
            restored
          </span>
        )}
        {comment.pending && (
          <span className="flex items-center gap-1 text-ink-3">
            <Icon name="spin" size={12} className="spinning text-run" />
            <span className="not-phone">writing to {tracker?.label ?? issue.tracker}</span>
          </span>
        )}
        <span className="flex-1" />
        {answering !== null && !comment.pending && (
          <button
            type="button"
            className="icon-button"
            aria-label={answering.inThreads ? "Reply to comment" : "Quote comment"}
            title={answering.inThreads ? "Reply" : "Quote"}
            onClick={() => answering.answer(comment)}
          >
            <Icon name={answering.inThreads ? "reply" : "quote"} size={14} />
          </button>
        )}
        {mine && may?.edit !== false && draft === null && (
          <button
            type="button"
            className="icon-button"
            aria-label="Edit comment"
            title="Edit"
            onClick={() => {
              setAsked(true);
              setDraft(comment.body);
            }}
          >
            <Icon name="pencil" size={14} />
          </button>
        )}
        {mine && may?.delete !== false && (
          <button type="button" className="icon-button" aria-label="Delete comment" title="Delete" onClick={onRemove}>
            <Icon name="trash" size={14} />
          </button>
        )}
      </header>
      {draft === null ? (
        <Prose text={comment.body} base={issue.url} connection={tracker?.connection} />
      ) : (
        <div className="p-2">
          <MarkdownEditor
            label="Comment"
            value={draft}
            onChange={setDraft}
            onSubmit={save}
            onCancel={() => {
              if (draft === comment.body) setDraft(null);
            }}
            focusFirst={asked}
            base={issue.url}
            connection={tracker?.connection}
            completers={completers}
            minRows={3}
            compact
            footer={
              <>
                <span className="flex-1" />
                <button
                  type="button"
                  className="button"
                  data-kind="quiet"
                  data-size="small"
                  onClick={() => setDraft(null)}
                >
                  Cancel
                </button>
                <button
                  type="button"
                  className="button"
                  data-kind="primary"
                  data-size="small"
                  disabled={draft.trim() === ""}
                  onClick={save}
                >
                  Save<kbd aria-hidden="true">{commandKey("↵")}</kbd>
                </button>
              </>
            }
          />
        </div>
      )}
    </article>
  );
}
