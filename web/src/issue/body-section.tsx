import { useEffect, useRef, useState } from "react";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { useIssueChanges } from "../changes/use-issue-changes.ts";
import { issueDraftId, useDraft } from "../editor/drafts.ts";
import { MarkdownEditor } from "../editor/markdown-editor.tsx";
import { tickTask } from "../editor/text-edits.ts";
import type { Completers } from "../editor/use-completion.ts";
import { commandKey } from "../shell/shortcuts.ts";
import { Icon } from "../ui/icon.tsx";
import { Prose } from "./prose.tsx";

type BodySectionProps = {
  readonly issue: IssueDetailShape;
  readonly connection: string | undefined;
  readonly label: string;
  readonly editable: boolean;
  readonly completers: Completers;
};

/** An issue's text: read, its tasks ticked in place, or written. What is typed is kept until it is saved or discarded. */
export function BodySection({ issue, connection, label, editable, completers }: BodySectionProps) {
  const { change } = useIssueChanges();
  const [draft, setDraft] = useDraft(issueDraftId(issue, "body"));
  const [asked, setAsked] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const editing = draft !== null && editable;
  const wasEditing = useRef(editing);

  useEffect(() => {
    if (wasEditing.current && !editing) button.current?.focus({ preventScroll: true });
    wasEditing.current = editing;
  }, [editing]);

  const saveText = (body: string, what: string) => {
    if (body !== issue.body) change([issue], { body }, { body }, what);
  };
  const save = () => {
    if (draft === null) return;
    setDraft(null);
    saveText(draft, "rewritten");
  };

  if (editing) {
    return (
      <div className="issue-text">
        <MarkdownEditor
          label="Description"
          placeholder="Description, in markdown"
          value={draft}
          onChange={setDraft}
          onSubmit={save}
          onCancel={() => {
            if (draft === issue.body) setDraft(null);
            else button.current?.focus();
          }}
          focusFirst={asked}
          base={issue.url}
          connection={connection}
          completers={completers}
          minRows={10}
          footer={
            <>
              <span className="min-w-0 flex-1 truncate">
                {draft === issue.body ? `Written to ${label} when it is saved` : "Not saved yet; kept in this browser"}
              </span>
              <button
                ref={button}
                type="button"
                className="button"
                data-kind="quiet"
                data-size="small"
                onClick={() => setDraft(null)}
              >
                {draft === issue.body ? "Cancel" : "Discard"}
              </button>
              <button type="button" className="button" data-kind="primary" data-size="small" onClick={save}>
                Save<kbd aria-hidden="true">{commandKey("↵")}</kbd>
              </button>
            </>
          }
        />
      </div>
    );
  }
  return (
    <div className="issue-text">
      {issue.body.trim() === "" ? (
        <p className="text-ink-3">No description.</p>
      ) : (
        <Prose
          text={issue.body}
          base={issue.url}
          connection={connection}
          onTask={
            editable
              ? (index, checked) =>
                  saveText(tickTask(issue.body, index, checked), checked ? "task done" : "task open again")
              : undefined
          }
        />
      )}
      {editable && (
        <button
          ref={button}
          type="button"
          className="button body-edit"
          data-kind="quiet"
          data-size="small"
          onClick={() => {
            setAsked(true);
            setDraft(issue.body);
          }}
        >
          <Icon name="pencil" />
          {issue.body.trim() === "" ? "Write one" : "Edit"}
        </button>
      )}
    </div>
  );
}
