/* oxlint-disable jsx-a11y/prefer-tag-over-role -- virtualised rows cannot form a native table */
import { defaultRangeExtractor, useVirtualizer, type Range } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef, useState, type MouseEvent } from "react";
import { isStatus } from "../../../src/domain/status.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { cardKey, findCard } from "../board/data/board-data.ts";
import { useFocusIssue } from "../board/use-focus-issue.ts";
import { useNextWindows } from "../board/data/use-next-windows.ts";
import { WindowFailureNote } from "../board/window-failure-note.tsx";
import { useKeptFocus } from "../board/use-kept-focus.ts";
import { usePut } from "../board/placing/use-put.ts";
import { useShutColumns } from "../board/column/use-shut-columns.ts";
import type { WorkLayoutProps } from "../board/work-layout.ts";
import { useFieldKeys } from "../fields/use-field-keys.ts";
import { issueInPath, issuePath, openIssue } from "../routes.ts";
import { useSelectedKeys, useSelectionStore } from "../select/selection.tsx";
import { useDialogs } from "../shell/dialog-control.ts";
import { useIsPhone } from "../ui/use-is-phone.ts";
import { GroupHead } from "./group-head.tsx";
import { IssueRow } from "./issue-row.tsx";
import { ListHead } from "./list-head.tsx";
import { keysOf, listRows } from "./list-rows-data.ts";
import { WaitingRow } from "./list-skeleton.tsx";
import { useListKeys } from "./use-list-keys.ts";
import "./list.css";

/** Load more when this many loaded rows or fewer are left. */
const loadAhead = 25;
const atTop = () => 0;

/** The issues of a filter as rows under group headers. */
export function ListRows({
  board,
  query,
  search,
  needs,
  openAddress,
  onFocusIssue,
  issuesWith,
  looks,
}: WorkLayoutProps) {
  const { load, failures } = useNextWindows(query);
  const { grouping } = board;
  const { shut: folded, toggle: fold } = useShutColumns("list", grouping);
  const selection = useSelectionStore();
  const selected = useSelectedKeys();
  const { open: openDialog } = useDialogs();
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useIsPhone();
  const [said, setSaid] = useState("");
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const rows = useMemo(() => listRows(board, folded), [board, folded]);
  const order = useMemo(() => rows.flatMap((row) => (row.kind === "issue" ? [row.issue] : [])), [rows]);
  const active = rows.findIndex((row) => row.kind === "issue" && cardKey(row.issue) === activeKey);

  // oxlint-disable-next-line react/incompatible-library -- no compiler memoises this component
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === "group" ? 42 : isPhone ? 57 : 33),
    getItemKey: (index) => {
      const row = rows[index];
      if (row?.kind === "issue") return `${row.column.group} ${cardKey(row.issue)}`;
      return row === undefined ? index : `${row.kind} ${row.column.group} ${row.kind === "waiting" ? row.index : ""}`;
    },
    overscan: 10,
    paddingEnd: 72,
    // Leave room for the sticky group header.
    scrollPaddingStart: 44,
    scrollPaddingEnd: 80,
    rangeExtractor: useCallback(
      (range: Range) => {
        const shown = defaultRangeExtractor(range);
        if (active < 0 || active >= range.count || shown.includes(active)) return shown;
        return [...shown, active].sort((a, b) => a - b);
      },
      [active],
    ),
  });
  useEffect(() => virtualizer.measure(), [virtualizer, isPhone]);
  const items = virtualizer.getVirtualItems();
  const range = virtualizer.range;
  const first = rows[range?.startIndex ?? 0];
  const last = rows[range?.endIndex ?? 0];

  // Load what is visible and a little more.
  useEffect(() => {
    const seen = new Map<string, number>();
    for (
      let index = range?.startIndex ?? 0;
      index <= Math.min((range?.endIndex ?? 0) + loadAhead, rows.length - 1);
      index += 1
    ) {
      const row = rows[index];
      if (row === undefined) continue;
      if (row.kind === "issue") seen.set(row.column.group, row.index + 1);
      if (row.kind === "waiting" && !failures.has(row.column.group)) load(row.column.group);
    }
    for (const [group, count] of seen) needs.set(group, Math.max(count, 1));
  }, [load, failures, needs, rows, range?.startIndex, range?.endIndex, last]);

  const focusRow = useCallback(
    (key: string) => {
      const index = rows.findIndex((row) => row.kind === "issue" && cardKey(row.issue) === key);
      if (index < 0) return;
      setActiveKey(key);
      virtualizer.scrollToIndex(index, { align: "auto" });
      let attempts = 0;
      const tryFocus = () => {
        const element = scroller.current?.querySelector<HTMLElement>(`.row-link[data-key="${CSS.escape(key)}"]`);
        if (element == null && attempts++ < 20) requestAnimationFrame(tryFocus);
        else element?.focus({ preventScroll: true });
      };
      tryFocus();
    },
    [rows, virtualizer],
  );
  const enabled = openAddress === null;
  useFocusIssue({ board, openAddress, onFocusIssue }, focusRow);
  const follow = useKeptFocus(board, activeKey, enabled, focusRow);
  const { step } = usePut({ board, query, issuesWith, follow, announce: setSaid, dropIndex: atTop });

  const extendTo = (key: string) => {
    const issue = order.find((one) => cardKey(one) === key);
    if (issue !== undefined) selection.extendTo(issue, order);
  };
  const toggle = (issue: IssueShape) => selection.toggle(issue);
  useListKeys({
    keys: useMemo(() => keysOf(rows), [rows]),
    activeKey,
    enabled,
    hasSelection: selected.size > 0,
    focusRow,
    onSelect: (key) => {
      const issue = order.find((one) => cardKey(one) === key);
      if (issue !== undefined) toggle(issue);
    },
    onExtend: extendTo,
    onPlace: step,
    onClear: selection.clear,
  });
  useFieldKeys((target) => {
    const key = target.closest<HTMLElement>(".list-row")?.dataset["row"];
    const [chosen = key] = selection.get().keys();
    return { issues: chosen === undefined ? [] : issuesWith(chosen), selected: selection.get().size > 0 };
  }, enabled);

  const open = openAddress === null ? undefined : findCard(board, openAddress);
  const onClick = (event: MouseEvent<HTMLElement>) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.altKey || !(event.target instanceof Element))
      return;
    const link = event.target.closest<HTMLAnchorElement>("a.row-link");
    const key = link?.dataset["key"];
    const address = issueInPath(link?.pathname ?? "");
    if (link === null || key === undefined || address === null) return;
    event.preventDefault();
    if (event.shiftKey) {
      extendTo(key);
      link.focus();
      return;
    }
    setActiveKey(key);
    openIssue(address, search);
  };
  const create = (group: string) => {
    if (grouping === "status" && isStatus(group)) openDialog({ kind: "create", status: group });
    else openDialog({ kind: "create", project: grouping === "project" ? group : undefined });
  };
  const all = order.length > 0 && order.every((issue) => selected.has(cardKey(issue)));

  return (
    <>
      <div className="list" role="table" aria-label="Issues" aria-rowcount={board.total + board.columns.length + 1}>
        <ListHead>
          <input
            type="checkbox"
            className="check-input"
            aria-label="Select all loaded issues"
            checked={all}
            ref={(element) => {
              if (element !== null) element.indeterminate = selected.size > 0 && !all;
            }}
            onChange={() => (all ? selection.clear() : selection.add(order))}
          />
        </ListHead>
        <div className="list-window">
          {first !== undefined && (
            <div className="list-sticky" aria-hidden="true">
              <GroupHead
                grouping={grouping}
                column={first.column}
                folded={folded.has(first.column.group)}
                onFold={() => fold(first.column.group)}
                onCreate={() => create(first.column.group)}
                isCopy
              />
            </div>
          )}
          {/* One set of handlers for clicks and focus of all rows' links. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- the links handle the keys */}
          <div
            className="list-scroll"
            ref={scroller}
            tabIndex={-1}
            role="rowgroup"
            onClick={onClick}
            onFocus={(event) => {
              const key = event.target.closest<HTMLElement>(".row-link")?.dataset["key"];
              if (key !== undefined) setActiveKey(key);
            }}
          >
            <div className="relative" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
              {items.map((item) => {
                const row = rows[item.index];
                if (row === undefined) return null;
                return (
                  <div
                    key={item.key}
                    className="absolute inset-x-0 top-0"
                    role="presentation"
                    style={{ transform: `translateY(${item.start}px)` }}
                  >
                    {row.kind === "group" ? (
                      <GroupHead
                        grouping={grouping}
                        column={row.column}
                        folded={folded.has(row.column.group)}
                        onFold={() => fold(row.column.group)}
                        onCreate={() => create(row.column.group)}
                      />
                    ) : row.kind === "waiting" ? (
                      <WaitingRow seed={row.index} />
                    ) : (
                      <IssueRow
                        issue={row.issue}
                        looks={looks}
                        href={issuePath(row.issue.address, search)}
                        rowIndex={item.index + 2}
                        selected={selected.has(cardKey(row.issue))}
                        open={open !== undefined && cardKey(open) === cardKey(row.issue)}
                        focusable={active < 0 ? row.issue === order[0] : item.index === active}
                        onToggle={(range) => (range ? extendTo(cardKey(row.issue)) : toggle(row.issue))}
                      />
                    )}
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      </div>
      {[...failures].map(([group, failure]) => (
        <WindowFailureNote key={group} failure={failure} onRetry={() => load(group)} />
      ))}
      <output className="sr-only">{said}</output>
    </>
  );
}
