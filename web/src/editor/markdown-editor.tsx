import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type CSSProperties,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from "react";
import { useChanges } from "../changes/changes-provider.tsx";
import { Prose } from "../issue/prose/prose.tsx";
import { commandKey } from "../shell/shortcuts.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { CompletionMenu } from "./completion-menu.tsx";
import { fitRows } from "./fit-rows.ts";
import { insertText } from "./insert-text.ts";
import { pasteEdit } from "./paste.ts";
import { continueList, makeLink, toggleLines, toggleMark, type Replacement, type Selected } from "./text-edits.ts";
import { useCompletion, type Completers } from "./use-completion.ts";
import { useHeldSize } from "./use-held-size.ts";
import "./editor.css";

export type MarkdownEditorProps = {
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** ⌘↵ */
  readonly onSubmit: () => void;
  /** Escape, if there is something to return to. */
  readonly onCancel?: () => void;
  readonly focusFirst?: boolean;
  /** The text field, for those who move the focus to it. */
  readonly fieldRef?: RefObject<HTMLTextAreaElement | null>;
  /** The base URL of relative links, and the connection whose images are requested: see Markdown. */
  readonly base: string | null;
  readonly connection: string | undefined;
  readonly completers: Completers;
  readonly minRows?: number;
  /** Hides the toolbar until the field is used, for comments. */
  readonly compact?: boolean;
  readonly footer?: ReactNode;
  /** The id of the element that describes the validation error; undefined if valid. */
  readonly problemId?: string | undefined;
};

type Tool = {
  readonly icon: IconName;
  readonly label: string;
  readonly key?: string;
  readonly edit: (selected: Selected) => Replacement;
};

const tools: readonly Tool[] = [
  { icon: "bold", label: "Bold", key: "b", edit: (selected) => toggleMark(selected, "**") },
  { icon: "italic", label: "Italic", key: "i", edit: (selected) => toggleMark(selected, "_") },
  { icon: "code", label: "Code", key: "e", edit: (selected) => toggleMark(selected, "`") },
  { icon: "link", label: "Link", edit: makeLink },
  { icon: "list", label: "List", edit: (selected) => toggleLines(selected, "- ") },
  { icon: "task", label: "Task list", edit: (selected) => toggleLines(selected, "- [ ] ") },
  { icon: "quote", label: "Quote", edit: (selected) => toggleLines(selected, "> ") },
];

/** Shown when files are dropped or pasted, instead of silently ignoring them. */
const noFiles = "Files can’t be added here. Add them in the tracker, and they appear here.";

/** A markdown field with a preview. */
export function MarkdownEditor(props: MarkdownEditorProps) {
  const { label, placeholder, value, onChange, onSubmit, onCancel, focusFirst = false, base, connection } = props;
  const { completers, minRows = 6, compact = false, footer, fieldRef, problemId } = props;
  const own = useRef<HTMLTextAreaElement>(null);
  const field = fieldRef ?? own;
  const { say } = useChanges();
  const [preview, setPreview] = useState(false);
  const [previewed, setPreviewed] = useState(value);
  if (previewed !== value) {
    setPreviewed(value);
    // Sent: there is nothing left to preview.
    if (value === "") setPreview(false);
  }
  const panelId = useId();
  const completion = useCompletion(field, value, completers);
  const frame = useRef<HTMLDivElement>(null);
  const held = useHeldSize(frame);
  // After every render, because the preview replaces the field.
  useLayoutEffect(() => {
    if (field.current !== null) fitRows(field.current);
  });

  useEffect(() => {
    const element = field.current;
    if (!focusFirst || element === null) return;
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only on opening, not on change
  }, []);

  const apply = (edit: (selected: Selected) => Replacement | null): boolean => {
    const element = field.current;
    if (element === null) return false;
    const { value: text, selectionStart: start, selectionEnd: end } = element;
    const replacement = edit({ text, start, end });
    if (replacement === null) return false;
    insertText(element, replacement);
    return true;
  };
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const { clipboardData } = event;
    const pasted = { text: clipboardData.getData("text/plain"), html: clipboardData.getData("text/html") };
    if (clipboardData.files.length > 0 && pasted.text === "") {
      event.preventDefault();
      say(noFiles);
    } else if (apply((selected) => pasteEdit(pasted, selected))) event.preventDefault();
    else completion.onPaste(event);
  };
  const onDrop = (event: DragEvent<HTMLTextAreaElement>) => {
    if (event.dataTransfer.files.length === 0) return;
    // Otherwise the browser would navigate to the file.
    event.preventDefault();
    say(noFiles);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || completion.onKeyDown(event)) return;
    const command = (event.metaKey || event.ctrlKey) && !event.altKey;
    if (event.key === "Enter" && command) {
      event.preventDefault();
      onSubmit();
    } else if (event.key === "Enter" && !event.shiftKey && !command) {
      if (apply(continueList)) event.preventDefault();
    } else if (event.key === "Escape" && onCancel !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    } else if (command && !event.shiftKey) {
      const tool = tools.find(({ key }) => key === event.key.toLowerCase());
      if (tool === undefined) return;
      event.preventDefault();
      apply(tool.edit);
    }
  };

  return (
    <div
      ref={frame}
      className="editor"
      data-compact={compact || undefined}
      data-invalid={problemId !== undefined || undefined}
      data-held={held || undefined}
    >
      <div className="editor-tools">
        <span className="segments" role="tablist" aria-label={label}>
          {["Write", "Preview"].map((name) => {
            const isPreview = name === "Preview";
            return (
              <button
                key={name}
                type="button"
                role="tab"
                aria-selected={preview === isPreview}
                aria-controls={panelId}
                onClick={() => {
                  setPreview(isPreview);
                  if (!isPreview) requestAnimationFrame(() => field.current?.focus());
                }}
              >
                {name}
              </button>
            );
          })}
        </span>
        {!preview &&
          tools.map(({ icon, label: name, key, edit }) => {
            const words = key === undefined ? name : `${name} (${commandKey(key.toUpperCase())})`;
            return (
              <button
                key={name}
                type="button"
                className="icon-button"
                aria-label={words}
                title={words}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => apply(edit)}
              >
                <Icon name={icon} />
              </button>
            );
          })}
      </div>
      <div className="editor-body" id={panelId} role="tabpanel">
        {preview ? (
          <div className="editor-preview">
            {value.trim() === "" ? (
              <p className="text-ink-3">Nothing to preview.</p>
            ) : (
              <Prose text={value} base={base} connection={connection} />
            )}
          </div>
        ) : (
          <>
            <textarea
              ref={field}
              aria-label={label}
              aria-invalid={problemId !== undefined || undefined}
              aria-describedby={problemId}
              aria-autocomplete="list"
              aria-controls={completion.open ? completion.listId : undefined}
              aria-activedescendant={completion.open ? `${completion.listId}-${completion.at}` : undefined}
              data-field="body"
              placeholder={placeholder}
              style={{ "--min-rows": minRows } as CSSProperties}
              value={value}
              onChange={(event) => onChange(event.target.value)}
              onKeyDown={onKeyDown}
              onKeyUp={completion.look}
              onClick={completion.look}
              onBlur={completion.close}
              onPaste={onPaste}
              onDrop={onDrop}
            />
            <CompletionMenu completion={completion} />
          </>
        )}
      </div>
      {footer !== undefined && <div className="editor-foot">{footer}</div>}
    </div>
  );
}
