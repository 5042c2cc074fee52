import type { IssueDetailShape } from "../../../../src/server/contract/issue.ts";
import type { TrackerShape } from "../../../../src/server/contract/tracker.ts";
import { issueDraftId, useDraft, useIsDraftStored } from "../../editor/drafts.ts";
import { MarkdownEditor } from "../../editor/markdown-editor.tsx";
import type { Completers } from "../../editor/use-completion.ts";
import { commandKey } from "../../shell/shortcuts.ts";
import { Icon } from "../../ui/icon.tsx";
import { firstLine, nameOf } from "./comment-words.ts";
import type { Answering } from "./use-answering.ts";
import { useIsPhone } from "../../ui/use-is-phone.ts";
import "./composer.css";

type ComposerProps = {
  readonly issue: IssueDetailShape;
  readonly tracker: TrackerShape | undefined;
  readonly completers: Completers;
  readonly answering: Answering;
  /** `replyTo`: the comment it answers in its thread. */
  readonly onSend: (body: string, replyTo: string | null) => void;
};

/** The comment field; its draft is kept until it is sent. */
export function Composer({ issue, tracker, completers, answering, onSend }: ComposerProps) {
  const { answered } = answering;
  const [draft, setDraft] = useDraft(issueDraftId(issue, "comment"));
  const stored = useIsDraftStored(issueDraftId(issue, "comment"));
  const label = tracker?.label ?? issue.tracker;
  const text = draft ?? "";
  const isPhone = useIsPhone();
  const send = () => {
    if (text.trim() === "") return;
    setDraft(null);
    answering.stop();
    onSend(text, answered?.id ?? null);
  };
  return (
    <div className="composer" data-empty={(text === "" && answered === undefined) || undefined}>
      {answered !== undefined && (
        <p className="composer-answered">
          <Icon name="reply" size={14} />
          <span className="truncate">
            Reply to <b className="font-semibold text-ink">{nameOf(answered.author)}</b>: {firstLine(answered.body)}
          </span>
          <button
            type="button"
            className="icon-button"
            aria-label="Don’t reply, comment"
            title="Don’t reply, comment"
            onClick={() => {
              answering.stop();
              answering.field.current?.focus();
            }}
          >
            <Icon name="x" size={14} />
          </button>
        </p>
      )}
      <MarkdownEditor
        label={`Comment in ${label}`}
        placeholder={isPhone ? `Comment in ${label}` : `Comment in ${label}, markdown supported`}
        value={text}
        onChange={(next) => setDraft(next === "" ? null : next)}
        onSubmit={send}
        base={issue.url}
        connection={tracker?.connection}
        completers={completers}
        fieldRef={answering.field}
        minRows={isPhone ? 1 : 2}
        compact
        footer={
          <>
            <span className="min-w-0 flex-1 truncate">
              {stored ? `Posts to ${label}` : "This browser can’t store it: kept until you leave the page"}
              {stored && tracker?.account != null && ` as ${tracker.account.name || tracker.account.login}`}
            </span>
            <button
              type="button"
              className="button"
              data-kind="primary"
              data-size="small"
              disabled={text.trim() === ""}
              onClick={send}
            >
              {answered === undefined ? "Comment" : "Reply"}
              <kbd aria-hidden="true" className="not-phone">
                {commandKey("↵")}
              </kbd>
            </button>
          </>
        }
      />
    </div>
  );
}
