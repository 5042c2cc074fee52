/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox has no native tags */
import { useEffect, useEffectEvent, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { foldName } from "../../../src/domain/fold-name.ts";
import { useChoicePrefix } from "./choice-prefix.ts";
import { type ChoiceEntry, ChoiceRow } from "./choice-row.tsx";
import { Icon } from "./icon.tsx";
import { useNearRows } from "./use-near-rows.ts";

export type ChoiceListProps = {
  /** `Status of MIN-123` */
  readonly label: string;
  readonly placeholder: string;
  readonly entries: readonly ChoiceEntry[];
  /** Several can be chosen, so the list stays open. */
  readonly multiple?: boolean;
  readonly onChoose: (id: string) => void;
  /** Offers to create the typed value if it does not exist. */
  readonly onCreate?: ((text: string) => void) | undefined;
  /** Searches elsewhere: `entries` are the results for this text. */
  readonly onText?: (text: string) => void;
  /** More entries, or the results for the typed text, are loading; keys pressed meanwhile take effect once they arrive. */
  readonly loading?: boolean;
  /** Loading failed: discard the keys that waited for it. */
  readonly failed?: boolean;
  readonly note?: ReactNode;
};

/** Enter pressed before all entries were loaded: the text typed then, and the offset from the list's starting row. */
type EarlyEnter = { readonly text: string; readonly steps: number };

function matches({ label, also = "" }: ChoiceEntry, typed: string): boolean {
  const wanted = foldName(typed);
  return foldName(label).includes(wanted) || foldName(also).includes(wanted);
}

/** The row at an offset from the first: clamped to the last row; negative offsets count from the end. */
function indexAt(place: number, count: number): number {
  return Math.min(place < 0 ? Math.max(0, place + count) : place, count - 1);
}

/** A list to choose from by typing, arrow keys, digits or pointer. */
export function ChoiceList({
  label,
  placeholder,
  entries,
  multiple = false,
  onChoose,
  onCreate,
  onText,
  loading = false,
  failed = false,
  note,
}: ChoiceListProps) {
  const prefix = useChoicePrefix();
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  /** The arrow keys' offset from the starting row, which is the checked entry and may load late. */
  const [steps, setSteps] = useState(0);
  const early = useRef<readonly EarlyEnter[]>([]);

  const rowsFor = (words: string) => {
    const shown = onText === undefined ? entries.filter((entry) => matches(entry, words)) : entries;
    const name = words.trim();
    // While loading, the typed value may still turn out to exist.
    const isNew =
      !loading &&
      onCreate !== undefined &&
      name !== "" &&
      !entries.some((entry) => foldName(entry.label) === foldName(name));
    const count = shown.length + (isNew ? 1 : 0);
    const begin =
      multiple || words !== ""
        ? 0
        : Math.max(
            0,
            shown.findIndex(({ checked }) => checked),
          );
    return { shown, isNew, count, begin };
  };
  const { shown, isNew, count, begin } = rowsFor(typed);
  const text = typed.trim();
  const current = indexAt(begin + steps, count);
  const setAt = (index: number) => setSteps(index - begin);

  const near = useNearRows(list, shown.length, current);
  const isCurrentRendered = current >= shown.length || (current >= near.from && current < near.to);

  const showCurrent = useEffectEvent(() => {
    const row = list.current?.querySelector("[data-current]");
    if (row) row.scrollIntoView({ block: "nearest" });
    else near.scrollTo(current);
  });
  useEffect(() => showCurrent(), [current, typed]);

  const take = (index: number, words: string) => {
    const rows = rowsFor(words);
    const entry = rows.shown[index];
    if (entry === undefined) {
      if (rows.isNew && index === rows.shown.length) onCreate?.(words.trim());
    } else if (entry.refused === undefined) onChoose(entry.id);
  };
  const choose = (index: number) => {
    take(index, typed);
    if (multiple) setTyped("");
  };

  const chooseEarly = useEffectEvent(() => {
    const enters = early.current;
    early.current = [];
    if (failed) return;
    const digit = typed === "" ? -1 : entries.findIndex((entry) => entry.digit === typed);
    if (digit !== -1) onChoose(entries[digit]?.id ?? "");
    for (const enter of enters) {
      const rows = rowsFor(enter.text);
      take(indexAt(rows.begin + enter.steps, rows.count), enter.text);
    }
  });
  useEffect(() => {
    if (!loading) chooseEarly();
  }, [loading]);

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && (count > 0 || loading)) {
      event.preventDefault();
      if (loading) setSteps((before) => before + step);
      else setAt((current + step + count) % count);
    } else if (event.key === "Enter" && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      event.stopPropagation();
      if (!loading) {
        choose(current);
        return;
      }
      early.current = [...(multiple ? early.current : []), { text: typed, steps }];
      if (multiple) setTyped("");
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
          aria-activedescendant={count > 0 && isCurrentRendered ? `${listId}-${current}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setSteps(0);
            if (!multiple) early.current = [];
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
        // A scrollable element would be in the tab order and lose the focus once it no longer scrolls.
        tabIndex={-1}
        ref={list}
      >
        {near.before > 0 && <div role="presentation" style={{ height: near.before }} />}
        {shown.slice(near.from, near.to).map((entry, place) => {
          const index = near.from + place;
          return (
            <div
              key={entry.id}
              ref={near.measure}
              id={`${listId}-${index}`}
              data-index={index}
              className="menu-item"
              role="option"
              tabIndex={-1}
              aria-setsize={count}
              aria-posinset={index + 1}
              aria-selected={entry.checked === true}
              aria-disabled={entry.refused !== undefined || undefined}
              data-current={index === current || undefined}
              title={entry.refused}
              onPointerMove={() => setAt(index)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(index)}
              onKeyDown={undefined}
            >
              <ChoiceRow entry={entry} multiple={multiple} showsDigit={typed === ""} />
            </div>
          );
        })}
        {near.after > 0 && <div role="presentation" style={{ height: near.after }} />}
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
