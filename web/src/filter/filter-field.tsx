/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox has no native tags */
import { useEffect, useEffectEvent, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Icon } from "../ui/icon.tsx";
import { useSingleKey } from "../shell/shortcuts.ts";
import { FilterChips } from "./filter-chips.tsx";
import { FilterOffers } from "./filter-offers.tsx";
import { SuggestionRow } from "./suggestion-row.tsx";
import { chipKeys, parseChip, withChip, withoutChip, type BoardQuery, type Chip } from "./board-query.ts";
import { parseDraft } from "./draft.ts";
import { chipProblem, isUnread, offeredChips, suggest, type Suggestion, type Vocabulary } from "./suggestions.ts";
import { Words } from "../ui/words.tsx";

const searchPauseMs = 180;
const keyPauseMs = 900;

type FilterFieldProps = {
  readonly query: BoardQuery;
  readonly known: Vocabulary;
  /** `replace`: an intermediate step of typing that gets no history entry. */
  readonly onChange: (query: BoardQuery, options: { replace: boolean }) => void;
};

export function FilterField({ query, known, onChange }: FilterFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const [today] = useState(() => new Date());
  const [typed, setTyped] = useState(query.text);
  const [lastText, setLastText] = useState(query.text);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const [refused, setRefused] = useState<string | null>(null);
  /** Enter was pressed before the suggestions were loaded. */
  const [awaited, setAwaited] = useState(false);
  /** The element focused before the shortcut; Escape returns there. */
  const before = useRef<Element>(null);
  const waiting = useRef<{ readonly timer: ReturnType<typeof setTimeout>; readonly apply: () => void }>(undefined);

  // The URL changed elsewhere: back, forward, a view, a link.
  if (query.text !== lastText) {
    setLastText(query.text);
    if (parseDraft(typed).text.trim() !== query.text) setTyped(query.text);
  }

  const draft = useMemo(() => parseDraft(typed), [typed]);
  const suggestions = useMemo(() => suggest(draft, known, query.chips, today), [draft, known, query.chips, today]);
  const offers = useMemo(() => offeredChips(known, query.chips), [known, query.chips]);

  /** Cancels the pending update and returns it. */
  const stopWaiting = () => {
    const stopped = waiting.current;
    clearTimeout(stopped?.timer);
    waiting.current = undefined;
    return stopped?.apply;
  };
  useEffect(() => () => clearTimeout(waiting.current?.timer), []);
  useSingleKey(["f", "F", "/"], () => {
    before.current = document.activeElement;
    input.current?.focus();
    input.current?.select();
  });

  const search = (text: string, options: { soon: boolean }) => {
    stopWaiting();
    const apply = () => {
      waiting.current = undefined;
      if (text.trim() !== query.text) onChange({ ...query, text: text.trim() }, { replace: query.text !== "" });
    };
    // Wait longer while the text may be the start of a filter key ("assig").
    const key = chipKeys.some((one) => one.startsWith(text.trim().toLowerCase()) && text.trim().length > 1);
    if (options.soon) waiting.current = { timer: setTimeout(apply, key ? keyPauseMs : searchPauseMs), apply };
    else apply();
  };

  const type = (value: string) => {
    setTyped(value);
    setAt(-1);
    setRefused(null);
    setAwaited(false);
    setOpen(true);
    search(parseDraft(value).text, { soon: true });
  };

  const add = (chip: Chip) => {
    stopWaiting();
    const text = draft.typing === null ? "" : draft.text;
    setTyped(text);
    setAt(-1);
    setRefused(null);
    setAwaited(false);
    setOpen(false);
    onChange(withChip({ ...query, text }, chip), { replace: false });
    input.current?.focus();
  };

  const choose = (suggestion: Suggestion) => {
    if (suggestion.kind === "chip") add(suggestion.chip);
    else type(`${suggestion.key}:`);
  };

  const remove = (chip: Chip) => {
    onChange(withoutChip(query, chip), { replace: false });
    input.current?.focus();
  };

  const enter = () => {
    if (draft.typing !== null && at === -1 && isUnread(draft.typing.key, known)) return setAwaited(true);
    const chosen = suggestions[at] ?? (draft.typing === null ? undefined : suggestions[0]);
    if (open && chosen !== undefined) return choose(chosen);
    if (draft.typing === null) {
      search(typed, { soon: false });
      return setOpen(false);
    }
    const parsed = parseChip(draft.typing.key, draft.typing.value);
    const problem = "message" in parsed ? parsed.message : chipProblem(parsed.chip, known);
    if ("chip" in parsed && problem === null) add(parsed.chip);
    else setRefused(problem);
    return undefined;
  };

  // Enter was pressed before the suggestions loaded: choose the first one now.
  const enterNow = useEffectEvent(() => {
    setAwaited(false);
    enter();
  });
  const isDue = awaited && draft.typing !== null && !isUnread(draft.typing.key, known);
  useEffect(() => {
    if (!isDue) return undefined;
    const timer = setTimeout(() => enterNow());
    return () => clearTimeout(timer);
  }, [isDue]);

  const menuShown = open && (suggestions.length > 0 || draft.typing !== null);
  // While a condition is typed, Enter chooses the first suggestion, so highlight it.
  const marked = at >= 0 || draft.typing === null || suggestions.length === 0 ? at : 0;

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return undefined;
    if (event.key !== "Enter") setAwaited(false);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const count = suggestions.length;
      if (count > 0) setAt(event.key === "ArrowDown" ? (marked + 1) % count : (marked <= 0 ? count : marked) - 1);
    } else if (event.key === "Enter") {
      enter();
    } else if (event.key === "Tab" && !event.shiftKey && menuShown) {
      // Enter completes a condition that was begun, but leaves search words alone even if they match a value.
      const [first] = suggestions;
      const isBegun = draft.typing === null ? first?.kind === "key" && typed.trim() !== "" : draft.typing.value !== "";
      const chosen = suggestions[at] ?? (isBegun ? first : undefined);
      if (chosen !== undefined) {
        event.preventDefault();
        choose(chosen);
      }
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (open && suggestions.length > 0) setOpen(false);
      else {
        const place = before.current instanceof HTMLElement && before.current.isConnected ? before.current : null;
        const first = document.querySelector<HTMLElement>(":is(.card, .row-link)[tabindex='0']");
        if (place !== null && place !== document.body) place.focus({ preventScroll: true });
        else if (first !== null) first.focus({ preventScroll: true });
        else document.getElementById("main")?.focus({ preventScroll: true });
      }
    } else if (event.key === "Backspace" && typed === "") {
      const last = query.chips.at(-1);
      if (last !== undefined) remove(last);
    }
    return undefined;
  };

  const optionId = (index: number) => `${listId}-${index}`;

  return (
    <div
      className="filter-field"
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setOpen(false);
        setAwaited(false);
        // Apply the pending search now; later it would close the issue being opened.
        stopWaiting()?.();
      }}
    >
      <Icon name="filter" size={14} />
      {query.chips.length > 0 && <FilterChips chips={query.chips} known={known} onRemove={remove} />}
      {offers.length > 0 && typed === "" && <FilterOffers offers={offers} known={known} onAdd={add} />}
      <input
        ref={input}
        className="filter-input"
        role="combobox"
        aria-label="Filter issues"
        aria-expanded={menuShown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={menuShown && marked >= 0 ? optionId(marked) : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder="Filter…"
        value={typed}
        onChange={(event) => type(event.target.value)}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onKeyDown={onKeyDown}
      />
      <kbd className="not-phone">F</kbd>
      {menuShown && (
        <div className="menu filter-menu" role="listbox" id={listId} aria-label="Filters">
          {suggestions.map((suggestion, index) => (
            <div
              key={suggestion.kind === "key" ? suggestion.key : `${suggestion.chip.key}:${suggestion.chip.value}`}
              id={optionId(index)}
              className="menu-item"
              role="option"
              tabIndex={-1}
              aria-selected={index === marked}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(suggestion)}
              onKeyDown={undefined}
            >
              <SuggestionRow suggestion={suggestion} />
            </div>
          ))}
          {awaited && <p className="menu-item text-ink-3!">Loading…</p>}
          {suggestions.length === 0 && draft.typing !== null && !awaited && (
            <p className="menu-item text-ink-3!">
              <span>
                <Words
                  text={
                    refused ??
                    (draft.typing.value === ""
                      ? `No ${draft.typing.key} values yet`
                      : `No matches for “${draft.typing.value}”`)
                  }
                />
              </span>
            </p>
          )}
        </div>
      )}
    </div>
  );
}
