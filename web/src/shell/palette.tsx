import { canonical, currentSearch } from "../filter/canonical.ts";
/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox has no native tags */
import { keepPreviousData, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { navigate } from "wouter/use-browser-location";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { statusLabels } from "../../../src/domain/status.ts";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { issueQuery, queryKeys, trackersQuery, viewsQuery } from "../api/queries.ts";
import { cardKey, type BoardData } from "../board/board-data.ts";
import { useChanges } from "../changes/changes-provider.tsx";
import { emptyQuery, formatQuery } from "../filter/board-query.ts";
import { issueInPath, issuePath, layoutPath, openIssue, workPath } from "../routes.ts";
import { useSelection, type Selection } from "../select/selection.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, StatusIcon, TrackerGlyph, type IconName } from "../ui/icon.tsx";
import { formatCount, formatNumberOf } from "../ui/time.ts";
import { useDialogs } from "./dialog-control.ts";
import type { DialogProps } from "./dialog-props.ts";
import { DialogFrame } from "./dialog.tsx";
import { issueActions } from "./issue-actions.ts";
import { builtInViews } from "./sidebar.tsx";
import { connectionLabel } from "./tracker-sentence.ts";
import { issuesOf } from "./use-trackers.ts";
import { useSyncNow } from "./use-sync-now.ts";
import { useTheme } from "./theme.ts";
import "../ui/key-foot.css";
import "./palette.css";

const searchPauseMs = 120;
const shownIssues = 8;

type Command = {
  readonly id: string;
  readonly label: string;
  readonly more?: string;
  readonly icon: IconName;
  readonly key?: string;
  readonly run: () => void;
};
type Option =
  | { readonly kind: "issue"; readonly id: string; readonly issue: IssueShape }
  | ({ readonly kind: "command" } & Command);

/** Search over every mirrored issue, everything that can be done to it, and the ways to go. */
/** `typed` gives, once, what was typed before the field had the focus. */
export function Palette({ onClose, typed: takeTyped }: DialogProps & { readonly typed: () => string }) {
  const [typed, setTyped] = useState("");
  const text = useSettled(typed.trim(), searchPauseMs);
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
  /** Chosen with Tab: only what can be done to it is listed. */
  const [subject, setSubject] = useState<IssueShape | null>(null);
  const doing = useDoing();
  const issues = text === "" || subject !== null ? [] : (found.data?.issues ?? []);
  const folded = text.toLowerCase();
  const matchesText = ({ label, more }: Command) => `${label} ${more ?? ""}`.toLowerCase().includes(folded);
  const onFirst =
    issues[0] === undefined ? [] : issueActions([issues[0]], doing).filter(({ id }) => /^(?:agent|status) /.test(id));
  const actions: readonly Command[] =
    subject !== null
      ? issueActions([subject], doing).filter(matchesText)
      : [
          ...issueActions(here, doing)
            .filter(matchesText)
            .slice(0, text === "" ? 5 : 9),
          ...onFirst,
        ];
  const goTo = subject !== null ? [] : commands.filter(matchesText);
  const filters: readonly Command[] =
    text === "" || subject !== null || found.data?.total === 0
      ? []
      : (["board", "list"] as const).map((layout) => ({
          id: `filter ${layout}`,
          label: `Filter the ${layout}: “${text}”`,
          ...(found.data && { more: formatNumberOf(found.data.total, "issue") }),
          icon: layout === "board" ? "filter" : "list",
          run: () => navigate(layoutPath(layout, formatQuery({ ...emptyQuery, text }))),
        }));
  const options: Option[] = [
    ...issues.map((issue): Option => ({ kind: "issue", id: cardKey(issue), issue })),
    ...actions.map((command): Option => ({ kind: "command", ...command })),
    ...filters.map((command): Option => ({ kind: "command", ...command })),
    ...goTo.map((command): Option => ({ kind: "command", ...command })),
  ];
  const current = Math.min(at, options.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const choose = (option: Option) => {
    setOpen(false);
    onClose();
    if (option.kind === "issue") openIssue(option.issue.address, currentSearch());
    else option.run();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
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
      // What stands there may still belong to the text before.
      if (option !== undefined && typed.trim() === text) choose(option);
    }
  };

  const rows = (from: number, to: number): ReactNode =>
    options.slice(from, to).map((option, index) => (
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
        {option.kind === "issue" ? <IssueRow issue={option.issue} text={text} /> : <CommandRow command={option} />}
      </div>
    ));

  if (!open) return null;
  return (
    <DialogFrame label="Search issues, run a command" onClose={onClose} closeOnPhone>
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
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={current >= 0 ? `${listId}-${current}` : undefined}
          aria-label="Search issues, run a command"
          autoComplete="off"
          spellCheck={false}
          placeholder={subject === null ? "Search issues or run a command…" : "What to do"}
          value={typed}
          onFocus={() => {
            const before = takeTyped();
            if (before !== "") setTyped((now) => before + now);
          }}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        {found.isFetching && <Icon name="spin" size={14} className="spinning text-ink-3" />}
        <kbd aria-hidden="true" className="not-phone">
          Esc
        </kbd>
      </div>
      <div className="palette-list" role="listbox" id={listId} aria-label="Results" ref={list}>
        {text !== "" && subject === null && (
          <div className="palette-group" role="presentation">
            Issues
            {found.data !== undefined && (
              <span className="font-normal">
                {found.data.total > issues.length
                  ? `${formatCount(issues.length)} of ${formatCount(found.data.total)}`
                  : formatCount(found.data.total)}
              </span>
            )}
          </div>
        )}
        {found.error !== null && <ErrorNote error={toApiError(found.error)} />}
        {rows(0, issues.length)}
        {text !== "" && subject === null && found.data?.total === 0 && (
          <p className="px-2 py-1 text-12 text-ink-3">No issue has these words.</p>
        )}
        {actions.length > 0 && <div className="palette-group">Actions</div>}
        {rows(issues.length, issues.length + actions.length)}
        {filters.length > 0 && <div className="palette-group">Filter</div>}
        {rows(issues.length + actions.length, issues.length + actions.length + filters.length)}
        {goTo.length > 0 && <div className="palette-group">Run and go to</div>}
        {rows(issues.length + actions.length + filters.length, options.length)}
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
              <kbd aria-hidden="true">⇥</kbd> Actions for the issue
            </>
          ) : (
            <>
              <kbd aria-hidden="true">⌫</kbd> Back
            </>
          )}
        </span>
        <span className="ml-auto truncate" title="In refs, titles, texts, and the comments fetched so far">
          Searches {formatNumberOf(mirrored, "issue")} and the comments fetched so far
        </span>
      </footer>
    </DialogFrame>
  );
}

/** A value once it has stopped changing for a moment. */
function useSettled(value: string, pauseMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value, pauseMs]);
  return settled;
}

/** How the actions on issues are done from here. */
function useDoing(): Parameters<typeof issueActions>[1] {
  const { open } = useDialogs();
  const { say } = useChanges();
  return useMemo(
    () => ({
      startAgent: (issues, plan) => open({ kind: "start-agent", issues, plan }),
      openField: (field, issues) => open({ kind: "field", field, issues }),
      openIssue: (issue) => openIssue(issue.address, currentSearch()),
      linkOf: (issue) => new URL(issuePath(issue.address), location.href).href,
      copy: (text) => {
        navigator.clipboard.writeText(text).then(
          () => say(`Copied: ${text}`),
          () => say("The browser did not allow copying"),
        );
      },
    }),
    [open, say],
  );
}

/** What the actions mean where nothing was searched for: the selected issues, else the open one, else the one that had the focus. */
function contextIssues(client: QueryClient, selection: Selection): readonly IssueShape[] {
  if (selection.size > 0) return [...selection.values()];
  const address = issueInPath(location.pathname);
  const open = address === null ? undefined : client.getQueryData<IssueShape>(issueQuery(address).queryKey);
  if (open !== undefined) return [open];
  const key = document.activeElement?.closest<HTMLElement>("[data-key]")?.dataset["key"];
  if (key === undefined) return [];
  for (const [, board] of client.getQueriesData<BoardData>({ queryKey: queryKeys.boards })) {
    const found = board?.columns.flatMap(({ issues }) => issues).find((issue) => cardKey(issue) === key);
    if (found !== undefined) return [found];
  }
  return [];
}

function useCommands(): readonly Command[] {
  const { open } = useDialogs();
  const { undoLast } = useChanges();
  const client = useQueryClient();
  const { data: saved } = useQuery(viewsQuery);
  const trackers = useQuery(trackersQuery).data?.trackers;
  const sync = useSyncNow();
  const [theme, toggleTheme] = useTheme();
  return useMemo(() => {
    const used = (trackers ?? []).filter(({ sources }) => sources.length > 0);
    const views = [...builtInViews, ...(saved ?? [])];
    return [
      { id: "create", label: "New issue", icon: "plus", key: "C", run: () => open({ kind: "create" }) },
      { id: "undo", label: "Take the last change back", icon: "left", key: "Z", run: undoLast },
      { id: "agents", label: "Agents", icon: "agents", run: () => navigate("/agents") },
      { id: "start-agent", label: "Start an agent…", icon: "play", run: () => open({ kind: "start-agent" }) },
      { id: "outbox", label: "Activity and outbox", icon: "activity", run: () => navigate("/activity") },
      {
        id: "board",
        label: "Show as a board",
        icon: "board",
        run: () => navigate(layoutPath("board", currentSearch())),
      },
      { id: "list", label: "Show as a list", icon: "view", run: () => navigate(layoutPath("list", currentSearch())) },
      { id: "shortcuts", label: "Keyboard shortcuts", icon: "info", key: "?", run: () => open({ kind: "shortcuts" }) },
      ...views.map((view): Command => ({
        id: `view:${view.id}`,
        label: view.name,
        more: "view",
        icon: "view",
        run: () => navigate(workPath(canonical(view.query))),
      })),
      { id: "trackers", label: "Settings: trackers", icon: "settings", run: () => navigate("/settings") },
      { id: "projects", label: "Settings: projects", icon: "settings", run: () => navigate("/settings/projects") },
      {
        id: "appearance",
        label: "Settings: appearance",
        icon: "settings",
        run: () => navigate("/settings/appearance"),
      },
      ...(used.length === 0
        ? []
        : [
            {
              id: "sync",
              label: "Sync all now",
              more: used.map(connectionLabel).join(", "),
              icon: "sync" as const,
              run: () => sync.mutate(used.map(({ connection }) => connection)),
            },
          ]),
      {
        id: "theme",
        label: `Switch to the ${theme === "dark" ? "light" : "dark"} theme`,
        icon: "moon",
        run: toggleTheme,
      },
      {
        id: "reload",
        label: "Read everything again",
        more: "from the server",
        icon: "sync",
        run: () => {
          client.invalidateQueries().catch(() => undefined);
        },
      },
    ] satisfies Command[];
  }, [client, saved, trackers, sync, theme, toggleTheme, open, undoLast]);
}

function IssueRow({ issue, text }: { readonly issue: IssueShape; readonly text: string }) {
  return (
    <>
      <TrackerGlyph tracker={issue.tracker} size={16} />
      <span className="palette-ref truncate">{issue.ref}</span>
      <span className="truncate" dir="auto">
        <Marked title={issue.title} text={text} />
      </span>
      <span className="palette-status">
        <StatusIcon status={issue.status} size={14} label={false} />
        <span className="not-phone">{statusLabels[issue.status]}</span>
      </span>
    </>
  );
}

/** The words that were searched for stand out. */
function Marked({ title, text }: { readonly title: string; readonly text: string }) {
  const words = text.split(/\s+/).filter((word) => word.length > 1);
  if (words.length === 0) return title;
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  // Splitting by a group gives the matches at the odd places.
  return title
    .split(pattern)
    .map((part, index) => (index % 2 === 1 ? <mark key={`${index}${part}`}>{part}</mark> : part));
}

function CommandRow({ command }: { readonly command: Command }) {
  return (
    <>
      <Icon name={command.icon} className="text-ink-3" />
      <span className="flex min-w-0 items-baseline gap-2 [grid-column:2/-1]">
        <span className="truncate">{command.label}</span>
        {command.more !== undefined && <span className="truncate text-12 text-ink-3">{command.more}</span>}
        {command.key !== undefined && (
          <kbd aria-hidden="true" className="ml-auto flex-none not-phone">
            {command.key}
          </kbd>
        )}
      </span>
    </>
  );
}
