import type { IssueDetailShape } from "../../../../src/server/contract/issue.ts";
import type { TrackerShape } from "../../../../src/server/contract/tracker.ts";
import { issueDraftId, useDraft, useIsDraftStored } from "../../editor/drafts.ts";
import { MarkdownEditor } from "../../editor/markdown-editor.tsx";
import type { Completers } from "../../editor/use-completion.ts";
import { commandKey } from "../../shell/shortcuts.ts";
import { useIsPhone } from "../../ui/use-is-phone.ts";
import "./composer.css";

type ComposerProps = {
  readonly issue: IssueDetailShape;
  readonly tracker: TrackerShape | undefined;
  readonly completers: Completers;
  readonly onSend: (body: string) => void;
};

/** The comment field; its draft is kept until it is sent. */
export function Composer({ issue, tracker, completers, onSend }: ComposerProps) {
  const [draft, setDraft] = useDraft(issueDraftId(issue, "comment"));
  const stored = useIsDraftStored(issueDraftId(issue, "comment"));
  const label = tracker?.label ?? issue.tracker;
  const text = draft ?? "";
  const isPhone = useIsPhone();
  const send = () => {
    if (text.trim() === "") return;
    setDraft(null);
    onSend(text);
  };
  return (
    <div className="composer" data-empty={text === "" || undefined}>
      <MarkdownEditor
        label={`Comment in ${label}`}
        placeholder={isPhone ? `Comment in ${label}` : `Comment in ${label}, markdown supported`}
        value={text}
        onChange={(next) => setDraft(next === "" ? null : next)}
        onSubmit={send}
        base={issue.url}
        connection={tracker?.connection}
        completers={completers}
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
              Comment
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
