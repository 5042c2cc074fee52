import { currentSearch } from "../filter/canonical.ts";
/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox has no native tags */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  Fragment,
  useEffect,
  useEffectEvent,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from "react";
import { navigate } from "wouter/use-browser-location";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { trackersQuery } from "../api/queries.ts";
import { cardKey } from "../board/data/board-data.ts";
import { emptyQuery, formatQuery } from "../filter/board-query.ts";
import { layoutPath, openIssue } from "../routes.ts";
import { useSelection } from "../select/selection.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { formatCount, formatNumberOf } from "../ui/time.ts";
import type { DialogProps } from "./dialog-props.ts";
import { DialogFrame } from "./dialog.tsx";
import type { EarlyText } from "../ui/early-keys.ts";
import { issueActions } from "./issue-actions.ts";
import { type Command, hasWords } from "./command-words.ts";
import { useCommands } from "./palette-commands.ts";
import { contextIssues, useDoing } from "./palette-context.ts";
import { CommandRow, IssueRow } from "./palette-rows.tsx";
import { issuesOf } from "./use-trackers.ts";
import "../ui/key-foot.css";
import "./palette.css";

const searchPauseMs = 120;
const shownIssues = 8;

type Option =
  | { readonly kind: "issue"; readonly id: string; readonly issue: IssueShape }
  | ({ readonly kind: "command" } & Command);

/** Options with an optional title. */
type Group = {
  readonly title: string | null;
  readonly note?: string | undefined;
  readonly options: readonly Option[];
};

function group(title: string, commands: readonly Command[]): Group {
  return { title, options: commands.map((command): Option => ({ kind: "command", ...command })) };
}

function toCountWords(shown: number, total: number): string {
  return total > shown ? `${formatCount(shown)} of ${formatCount(total)}` : formatCount(total);
}

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
  const list = useRef<HTMLDivElement>(null);
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
  const issues = text === "" || subject !== null ? [] : (found.data?.issues ?? []);
  const matchesText = (command: Command) => hasWords(command, text);
  const onFirst =
    issues[0] === undefined ? [] : issueActions([issues[0]], doing).filter(({ id }) => /^(?:agent|status) /.test(id));
  const onSubject = subject === null ? [] : issueActions([subject], doing).filter(matchesText);
  const onHere =
    subject !== null
      ? []
      : issueActions(here, doing)
          .filter(matchesText)
          .slice(0, text === "" ? 5 : 9);
  // With several issues selected, their actions come before search results.
  const isForMany = here.length > 1;
  const goTo = subject !== null ? [] : commands.filter(matchesText);
  const filters: readonly Command[] =
    text === "" || subject !== null || found.data?.total === 0
      ? []
      : (["board", "list"] as const).map((layout) => ({
          id: `filter ${layout}`,
          label: `Filter ${layout}: text “${text}”`,
          ...(found.data && { more: formatNumberOf(found.data.total, "issue") }),
          icon: layout === "board" ? "filter" : "list",
          run: () => navigate(layoutPath(layout, formatQuery({ ...emptyQuery, text }))),
        }));
  const groups: readonly Group[] = [
    ...(isForMany ? [group("Actions", onHere)] : []),
    {
      title: text !== "" && subject === null ? "Issues" : null,
      note: found.data && toCountWords(issues.length, found.data.total),
      options: issues.map((issue): Option => ({ kind: "issue", id: cardKey(issue), issue })),
    },
    group("Actions", [...onSubject, ...(isForMany ? [] : onHere), ...onFirst]),
    group("Filter", filters),
    group("Run and go to", goTo),
  ];
  const options = groups.flatMap((one) => one.options);
  const current = Math.min(at, options.length - 1);
  // The list may still show the results of an earlier text.
  const isAnswered = typed.trim() === text && (text === "" || !(found.isPending || found.isPlaceholderData));

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current]);

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

  const rows = (own: readonly Option[], from: number): ReactNode =>
    own.map((option, index) => (
      <div
        key={option.id}
        id={`${listId}-${from + index}`}
        role="option"
        tabIndex={-1}
        className="palette-row"
        aria-selected={from + index === current}
        onPointerMove={() => setAt(from + index)}
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => choose(option)}
        onKeyDown={undefined}
      >
        {option.kind === "issue" ? (
          <IssueRow issue={option.issue} text={text} />
        ) : (
          <CommandRow command={option} text={text} />
        )}
      </div>
    ));

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
      {/* A listbox without options is not valid. */}
      <div
        className="palette-list"
        role={options.length === 0 ? undefined : "listbox"}
        id={listId}
        aria-label={options.length === 0 ? undefined : "Results"}
        // A scrollable element would be in the tab order and lose the focus once it no longer scrolls.
        tabIndex={-1}
        ref={list}
      >
        {groups.map(({ title, note, options: own }, index) => {
          const from = groups.slice(0, index).reduce((sum, before) => sum + before.options.length, 0);
          const isOfIssues = title === "Issues";
          return (
            <Fragment key={`${title} ${index}`}>
              {title !== null && (own.length > 0 || isOfIssues) && (
                <div className="palette-group" role="presentation">
                  {title}
                  {note !== undefined && <span className="font-normal">{note}</span>}
                </div>
              )}
              {isOfIssues && found.error !== null && <ErrorNote error={toApiError(found.error)} />}
              {rows(own, from)}
              {isOfIssues && found.data?.total === 0 && (
                <p className="px-2 py-1 text-12 text-ink-3">No issues match.</p>
              )}
            </Fragment>
          );
        })}
      </div>
      <footer className="key-foot">
        <span>
          <kbd aria-hidden="true">↑</kbd> <kbd aria-hidden="true">↓</kbd> Select
        </span>
        <span>
          <kbd aria-hidden="true">↵</kbd> {subject === null ? "Open" : "Run"}
        </span>
        <span>
          {subject === null ? (
            <>
              <kbd aria-hidden="true">⇥</kbd> Actions for this issue
            </>
          ) : (
            <>
              <kbd aria-hidden="true">⌫</kbd> Back
            </>
          )}
        </span>
        <span className="ml-auto truncate" title="Refs, titles, descriptions and the comments fetched so far">
          Searches {formatNumberOf(mirrored, "issue")} and the comments fetched so far
        </span>
      </footer>
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
