import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { useIssueChanges } from "../changes/use-issue-changes.ts";
import { useTextDraft } from "../editor/use-text-draft.ts";
import { KeptValue, type KeptValues } from "./kept-value.tsx";

type EditableTitleProps = {
  readonly issue: IssueShape;
  readonly titleId: string;
  readonly editable: boolean;
  readonly kept: KeptValues;
};

/** An issue's title, edited in place: Enter or blur saves, Escape cancels. */
export function EditableTitle({ issue, titleId, editable, kept }: EditableTitleProps) {
  const { change } = useIssueChanges();
  const { draft, base, begin, write, end } = useTextDraft(issue, "title");
  const [focused, setFocused] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  const editing = draft !== null && editable;

  useEffect(() => {
    if (wasEditing.current && !editing && focused) button.current?.focus();
    wasEditing.current = editing;
  }, [editing, focused]);

  if (!editing) {
    return (
      <div className="issue-title">
        <h2 id={titleId} dir="auto">
          {editable ? (
            <button
              ref={button}
              type="button"
              className="title-button"
              title="Edit title"
              onClick={() => {
                setFocused(true);
                begin(issue.title);
              }}
            >
              {issue.title}
            </button>
          ) : (
            issue.title
          )}
        </h2>
        <KeptValue words={kept.get("title")} />
      </div>
    );
  }
  const save = () => {
    const title = draft.trim().replaceAll(/\s*\n\s*/g, " ");
    if (title === "") return;
    end();
    if (title === issue.title || title === base) return;
    change([issue], { title, ...(base !== null && { base: { title: base } }) }, { title }, "renamed");
  };
  return (
    <div className="issue-title">
      <h2 id={titleId} className="sr-only">
        {issue.title}
      </h2>
      <TitleField
        value={draft}
        problemId={draft.trim() === "" ? `${titleId}-problem` : undefined}
        focus={focused}
        onChange={write}
        onSave={save}
        onCancel={() => {
          setFocused(true);
          end();
        }}
      />
      {draft.trim() === "" && (
        <p id={`${titleId}-problem`} role="alert" className="text-12 font-normal tracking-normal text-bad">
          Title is required. Press Escape to restore it.
        </p>
      )}
    </div>
  );
}

type TitleFieldProps = {
  readonly value: string;
  /** The id of the validation message; undefined if the title is valid. */
  readonly problemId: string | undefined;
  readonly focus: boolean;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
  readonly onCancel: () => void;
};

function TitleField({ value, problemId, focus, onChange, onSave, onCancel }: TitleFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const done = useRef(false);
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = "0";
    element.style.height = `${element.scrollHeight}px`;
  }, [value]);
  useEffect(() => {
    if (focus) field.current?.select();
  }, [focus]);
  return (
    <textarea
      ref={field}
      className="title-field"
      aria-label="Title"
      aria-invalid={problemId !== undefined || undefined}
      aria-describedby={problemId}
      dir="auto"
      rows={1}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onBlur={() => {
        if (!done.current) onSave();
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === "Enter") {
          event.preventDefault();
          onSave();
        } else if (event.key === "Escape") {
          event.preventDefault();
          event.stopPropagation();
          done.current = true;
          onCancel();
        }
      }}
    />
  );
}
