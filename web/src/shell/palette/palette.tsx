/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox has no native tags */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useId, useState, type KeyboardEvent } from "react";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { api } from "../../api/endpoints.ts";
import { trackersQuery } from "../../api/queries.ts";
import { currentSearch } from "../../filter/canonical.ts";
import { openIssue } from "../../routes.ts";
import { useSelection } from "../../select/selection.tsx";
import type { EarlyText } from "../../ui/early-keys.ts";
import { Icon, TrackerGlyph } from "../../ui/icon.tsx";
import type { DialogProps } from "../dialog-props.ts";
import { DialogFrame } from "../dialog.tsx";
import { useCommands } from "./commands.ts";
import { contextIssues, useDoing } from "./context.ts";
import { PaletteFoot } from "./foot.tsx";
import { PaletteList } from "./list.tsx";
import { groupsFor, type Option } from "./options.ts";
import { issuesOf } from "../use-trackers.ts";
import "../../ui/key-foot.css";
import "./palette.css";

const searchPauseMs = 120;
const shownIssues = 8;

/**
 * Searches all mirrored issues, the actions on them, and destinations.
 * `takeEarly` returns, once, what was typed before the field had the focus.
 */
export function Palette({ onClose, takeEarly }: DialogProps & { readonly takeEarly: () => EarlyText }) {
  const [typed, setTyped] = useState("");
  /** Enter was pressed before the results were there. */
  const [entered, setEntered] = useState(false);
  const text = useSettled(typed.trim(), entered ? 0 : searchPauseMs);
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(true);
  const listId = useId();
  const found = useQuery({
    queryKey: ["search", text],
    queryFn: ({ signal }) =>
      api.issues(new URLSearchParams({ q: text, sort: "relevance", limit: String(shownIssues) }), signal),
    enabled: text !== "",
    placeholderData: keepPreviousData,
    staleTime: 2000,
  });
  const trackers = useQuery(trackersQuery).data?.trackers ?? [];
  const mirrored = trackers.reduce((sum, tracker) => sum + issuesOf(tracker), 0);
  const commands = useCommands();
  const client = useQueryClient();
  const selection = useSelection();
  const [here] = useState(() => contextIssues(client, selection));
  /** An issue chosen with Tab; only its actions are listed. */
  const [subject, setSubject] = useState<IssueShape | null>(null);
  const doing = useDoing();
  const groups = groupsFor({ text, subject, here, found: found.data, commands, doing });
  const options = groups.flatMap((one) => one.options);
  const current = Math.min(at, options.length - 1);
  // The list may still show the results of an earlier text.
  const isAnswered = typed.trim() === text && (text === "" || !(found.isPending || found.isPlaceholderData));

  const run = (option: Option) => {
    if (option.kind === "issue") openIssue(option.issue.address, currentSearch());
    else option.run();
  };
  const choose = (option: Option) => {
    setOpen(false);
    onClose();
    run(option);
  };

  const chooseAnswered = useEffectEvent(() => {
    const option = options[current];
    if (option === undefined) return;
    onClose();
    run(option);
  });
  useEffect(() => {
    if (entered && isAnswered) chooseAnswered();
  }, [entered, isAnswered]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key !== "Enter") setEntered(false);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && options.length > 0) {
      event.preventDefault();
      setAt((current + step + options.length) % options.length);
    } else if (event.key === "Tab" && !event.shiftKey && options[current]?.kind === "issue") {
      event.preventDefault();
      const option = options[current];
      if (option.kind === "issue") setSubject(option.issue);
      setTyped("");
      setAt(0);
    } else if (event.key === "Backspace" && typed === "" && subject !== null) {
      setSubject(null);
      setAt(0);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const option = options[current];
      if (!isAnswered) setEntered(true);
      else if (option !== undefined) choose(option);
    }
  };

  if (!open) return null;
  return (
    <DialogFrame label="Command palette" onClose={onClose} closeOnPhone>
      <div className="palette-field">
        {subject === null ? (
          <Icon name="search" className="text-ink-3" />
        ) : (
          <span className="palette-subject">
            <TrackerGlyph tracker={subject.tracker} />
            <b className="font-semibold">{subject.ref}</b>
          </span>
        )}
        <input
          role="combobox"
          aria-expanded={options.length > 0}
          aria-controls={options.length === 0 ? undefined : listId}
          aria-activedescendant={current >= 0 ? `${listId}-${current}` : undefined}
          aria-label="Search or run a command"
          autoComplete="off"
          spellCheck={false}
          placeholder={subject === null ? "Search or run a command" : "Choose an action"}
          value={typed}
          onFocus={() => {
            const before = takeEarly();
            if (before.text !== "") setTyped((now) => before.text + now);
            if (before.entered) setEntered(true);
          }}
          onChange={(event) => {
            setTyped(event.target.value);
            setEntered(false);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        {found.isFetching && <Icon name="spin" size={14} className="spinning text-ink-3" />}
        <kbd aria-hidden="true" className="not-phone">
          Esc
        </kbd>
      </div>
      <PaletteList
        id={listId}
        groups={groups}
        current={current}
        text={text}
        error={found.error}
        foundNothing={found.data?.total === 0}
        onMark={setAt}
        onChoose={choose}
      />
      <PaletteFoot isForOne={subject !== null} mirrored={mirrored} />
    </DialogFrame>
  );
}

/** Debounces a value. */
function useSettled(value: string, pauseMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value, pauseMs]);
  return settled;
}
