/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox has no native tags */
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { foldName } from "../../../src/domain/fold-name.ts";
import { useChoicePrefix } from "./choice-prefix.ts";
import { Icon } from "./icon.tsx";

export type ChoiceEntry = {
  readonly id: string;
  /** What is looked through, and shown. */
  readonly label: string;
  /** Also looked through: a login beside the name. */
  readonly also?: string;
  readonly icon?: ReactNode;
  /** Small print at the end of the row. */
  readonly more?: ReactNode;
  readonly checked?: boolean;
  /** Some of several issues have it. */
  readonly mixed?: boolean;
  /** The key that chooses it while nothing is typed. */
  readonly digit?: string;
  /** Why it cannot be chosen. */
  readonly refused?: string | undefined;
};

export type ChoiceListProps = {
  /** `Status of MIN-123` */
  readonly label: string;
  readonly placeholder: string;
  readonly entries: readonly ChoiceEntry[];
  /** Several can be chosen: the list stays open. */
  readonly multiple?: boolean;
  readonly onChoose: (id: string) => void;
  /** Offers to make what was typed and is not there. */
  readonly onCreate?: ((text: string) => void) | undefined;
  /** Looked for elsewhere: `entries` are the answer to this text. */
  readonly onText?: (text: string) => void;
  readonly loading?: boolean;
  readonly note?: ReactNode;
};

function matches({ label, also = "" }: ChoiceEntry, typed: string): boolean {
  const wanted = foldName(typed);
  return foldName(label).includes(wanted) || foldName(also).includes(wanted);
}

/** A list to choose from by typing, arrows, digits or pointer. */
export function ChoiceList({
  label,
  placeholder,
  entries,
  multiple = false,
  onChoose,
  onCreate,
  onText,
  loading = false,
  note,
}: ChoiceListProps) {
  const prefix = useChoicePrefix();
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(() => Math.max(0, multiple ? 0 : entries.findIndex(({ checked }) => checked)));
  const shown = onText === undefined ? entries.filter((entry) => matches(entry, typed)) : entries;
  const text = typed.trim();
  const isNew =
    onCreate !== undefined && text !== "" && !entries.some((entry) => foldName(entry.label) === foldName(text));
  const count = shown.length + (isNew ? 1 : 0);
  const current = Math.min(at, count - 1);

  useEffect(() => {
    list.current?.querySelector("[data-current]")?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const choose = (index: number) => {
    const entry = shown[index];
    if (entry === undefined) {
      if (isNew && index === shown.length) onCreate(text);
    } else if (entry.refused === undefined) onChoose(entry.id);
    if (multiple) setTyped("");
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && count > 0) {
      event.preventDefault();
      setAt((current + step + count) % count);
    } else if (event.key === "Enter" && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      event.stopPropagation();
      choose(current);
    } else if (typed === "" && shown.some(({ digit }) => digit === event.key)) {
      event.preventDefault();
      choose(shown.findIndex(({ digit }) => digit === event.key));
    }
  };

  return (
    <div className="choices">
      <div className="choices-field">
        {prefix}
        <input
          role="combobox"
          aria-label={label}
          aria-expanded="true"
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={count > 0 ? `${listId}-${current}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
            onText?.(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        {loading && <Icon name="spin" size={14} className="spinning text-ink-3" />}
      </div>
      {note}
      <div
        className="choices-list"
        role="listbox"
        id={listId}
        aria-label={label}
        aria-multiselectable={multiple || undefined}
        // What scrolls would have the focus by Tab, and lose it once it scrolls no more.
        tabIndex={-1}
        ref={list}
      >
        {shown.map((entry, index) => (
          <div
            key={entry.id}
            id={`${listId}-${index}`}
            className="menu-item"
            role="option"
            tabIndex={-1}
            aria-selected={entry.checked === true}
            aria-disabled={entry.refused !== undefined || undefined}
            data-current={index === current || undefined}
            title={entry.refused}
            onPointerMove={() => setAt(index)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(index)}
            onKeyDown={undefined}
          >
            {multiple && (
              <span className="check-box" data-checked={entry.checked || entry.mixed || undefined}>
                {entry.mixed ? <i /> : entry.checked && <Icon name="check" size={12} />}
              </span>
            )}
            {entry.icon}
            <span className="min-w-0 flex-1 truncate" dir="auto">
              {entry.label}
            </span>
            {entry.refused !== undefined ? (
              <span className="choices-more">{entry.refused}</span>
            ) : (
              entry.more !== undefined && <span className="choices-more">{entry.more}</span>
            )}
            {!multiple && entry.checked && <Icon name="check" size={14} className="text-ink-3" />}
            {entry.digit !== undefined && typed === "" && (
              <kbd aria-hidden="true" className="not-phone">
                {entry.digit}
              </kbd>
            )}
          </div>
        ))}
        {isNew && (
          <div
            id={`${listId}-${shown.length}`}
            className="menu-item"
            role="option"
            tabIndex={-1}
            aria-selected={false}
            data-current={current === shown.length || undefined}
            onPointerMove={() => setAt(shown.length)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(shown.length)}
            onKeyDown={undefined}
          >
            <Icon name="plus" size={14} className="text-ink-3" />
            <span className="truncate">Create “{text}”</span>
          </div>
        )}
      </div>
      {count === 0 && !loading && (
        <p className="choices-none">
          {text === "" && onText === undefined ? "No options" : text === "" ? placeholder : `No matches for “${text}”`}
        </p>
      )}
    </div>
  );
}
