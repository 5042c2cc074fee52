import { useEffect, useRef, useState } from "react";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { useIssueChanges } from "../changes/use-issue-changes.ts";
import { MarkdownEditor } from "../editor/markdown-editor.tsx";
import { tickTask } from "../editor/text-edits.ts";
import type { Completers } from "../editor/use-completion.ts";
import { useTextDraft } from "../editor/use-text-draft.ts";
import { commandKey } from "../shell/shortcuts.ts";
import { Icon } from "../ui/icon.tsx";
import { KeptValue, type KeptValues } from "./kept-value.tsx";
import { Prose } from "./prose/prose.tsx";

type BodySectionProps = {
  readonly issue: IssueDetailShape;
  readonly connection: string | undefined;
  readonly label: string;
  readonly editable: boolean;
  readonly completers: Completers;
  readonly kept: KeptValues;
};

/** An issue's text, rendered with clickable tasks, or in the editor. The draft is kept until it is saved or discarded. */
export function BodySection({ issue, connection, label, editable, completers, kept }: BodySectionProps) {
  const { change } = useIssueChanges();
  const { draft, base, stored, begin, write, end } = useTextDraft(issue, "body");
  const [asked, setAsked] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  /** The draft equals the text it started from, whatever happened to the issue's text since. */
  const untouched = draft === (base ?? issue.body);
  const editing = draft !== null && editable;
  const wasEditing = useRef(editing);

  useEffect(() => {
    if (wasEditing.current && !editing) button.current?.focus({ preventScroll: true });
    wasEditing.current = editing;
  }, [editing]);

  const saveText = (body: string, began: string | null, what: string) => {
    if (body === issue.body) return;
    change([issue], { body, ...(began !== null && { base: { body: began } }) }, { body }, what);
  };
  const save = () => {
    if (draft === null) return;
    end();
    if (!untouched) saveText(draft, base, "description edited");
  };

  if (editing) {
    return (
      <div className="issue-text">
        <MarkdownEditor
          label="Description"
          placeholder="Description, markdown supported"
          value={draft}
          onChange={write}
          onSubmit={save}
          onCancel={() => {
            if (untouched) end();
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
                {untouched
                  ? `Saves to ${label}`
                  : stored
                    ? "Not saved yet. Draft kept in this browser"
                    : "Not saved yet. This browser can’t store the draft: kept until you leave the page"}
              </span>
              <button ref={button} type="button" className="button" data-kind="quiet" data-size="small" onClick={end}>
                {untouched ? "Cancel" : "Discard"}
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
      <KeptValue words={kept.get("body")} />
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
                  saveText(
                    tickTask(issue.body, index, checked),
                    issue.body,
                    checked ? "task checked" : "task unchecked",
                  )
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
            begin(issue.body);
          }}
        >
          <Icon name="pencil" />
          {issue.body.trim() === "" ? "Add description" : "Edit"}
        </button>
      )}
    </div>
  );
}
