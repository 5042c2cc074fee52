import { useCallback, useMemo, useRef, useState, type MouseEvent } from "react";
import { isStatus } from "../../../src/domain/status.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { useFieldKeys } from "../fields/use-field-keys.ts";
import { formatQuery } from "../filter/board-query.ts";
import { goToWork, issueInPath, issuePath, openIssue } from "../routes.ts";
import { useSelectedKeys, useSelectionStore } from "../select/selection.tsx";
import { useDialogs } from "../shell/dialog-control.ts";
import { cardKey, findCard, placeOf } from "./data/board-data.ts";
import { useNextWindows } from "./data/use-next-windows.ts";
import { useCardLook } from "./card/card-look.ts";
import type { ColumnActions } from "./column/column-menu.tsx";
import type { CardContext } from "./column/column-card.tsx";
import type { ColumnHandle } from "./column/column-handle.ts";
import { Columns } from "./column/columns.tsx";
import { useDrag } from "./drag/use-drag.ts";
import { useDropWords } from "./drag/use-drop-words.ts";
import { focusHead } from "./column/focus-head.ts";
import { useGroupLabel } from "./group-label.tsx";
import { notMirroredWords } from "./notes.ts";
import { spotOf, stepFrom } from "./placing/place-steps.ts";
import { useBoardKeys } from "./use-board-keys.ts";
import { useCardKeys } from "./card/use-card-keys.ts";
import { useFocusIssue } from "./use-focus-issue.ts";
import { useKeptFocus } from "./use-kept-focus.ts";
import { usePut } from "./placing/use-put.ts";
import { outsideOf } from "./placing/use-regroup.ts";
import { useSelectColumn } from "./column/use-select-column.ts";
import { useShutColumns } from "./column/use-shut-columns.ts";
import type { WorkLayoutProps } from "./work-layout.ts";

const noKeys: ReadonlySet<string> = new Set();
/** Keys that move between cards although they also name a field. */
const walkingKeys = ["l"];

/** The board's columns and every action on their cards. */
export function BoardColumns(props: WorkLayoutProps) {
  const { board, query, search, needs, openAddress, issuesWith, looks } = props;
  const { grouping } = board;
  const { shut, toggle } = useShutColumns("board", grouping);
  const labelOf = useGroupLabel(grouping);
  const { open: openDialog } = useDialogs();
  const selection = useSelectionStore();
  const selected = useSelectedKeys();
  const enabled = openAddress === null;

  const [activeKey, setActiveKey] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const handles = useRef(new Map<string, ColumnHandle>());
  const shown = useMemo(
    () => board.columns.map(({ group }) => group).filter((group) => !shut.has(group)),
    [board, shut],
  );
  const focusCard = useBoardKeys(board, shown, handles, activeKey, enabled);
  useFocusIssue(props, focusCard);
  const follow = useKeptFocus(board, activeKey, enabled, focusCard);

  const dropIndex = useCallback((group: string) => handles.current.get(group)?.dropIndex() ?? 0, []);
  const { byPlace, put, wordsFor, step } = usePut({ board, query, issuesWith, follow, announce: setSaid, dropIndex });
  const { drag, onPointerDown, pickUp } = useDrag({
    issuesWith,
    shown,
    labelOf,
    byPlace,
    spotOf: (key) => spotOf(board, key),
    spotIn: (group) => {
      const column = board.columns.find((one) => one.group === group)?.issues ?? [];
      const first = column[handles.current.get(group)?.firstVisible() ?? 0];
      return { group, next: first === undefined ? null : cardKey(first) };
    },
    stepFrom: (spot, held, by) => {
      const next = stepFrom(board, spot, held, by);
      const seen = next?.next == null ? null : placeOf(board, next.next);
      if (seen !== null) handles.current.get(seen.group)?.reveal(seen.index);
      return next;
    },
    wordsFor,
    announce: setSaid,
    onDrop: (issues, spot) => put(issues, spot, issues[0] && cardKey(issues[0])),
  });
  const dropWords = useDropWords(drag, { byPlace, grouping, labelOf, trackerLabels: looks.trackerLabels });
  const dropOver = drag?.over?.group ?? null;
  const dropNext = drag?.over?.next ?? null;
  const going =
    drag === null || dropOver === null ? [] : byPlace ? drag.issues : outsideOf(drag.issues, grouping, dropOver);
  const [dropCard] = going;
  const drop = useMemo(
    () =>
      dropCard === undefined || dropOver === null || dropWords === null
        ? null
        : { card: dropCard, group: dropOver, next: dropNext, words: dropWords },
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `dropWords` is a new object in every render; compare its content
    [dropCard, dropOver, dropNext, dropWords?.text, dropWords?.possible],
  );

  /** The issues of the card's column, in order; the range a selection can extend over. */
  const orderOf = (key: string): readonly IssueShape[] =>
    board.columns.find(({ issues }) => issues.some((issue) => cardKey(issue) === key))?.issues ?? [];
  const extendTo = (key: string) => {
    const order = orderOf(key);
    const issue = order.find((one) => cardKey(one) === key);
    if (issue !== undefined) selection.extendTo(issue, order);
  };
  useCardKeys({
    board,
    shown,
    // A card picked up by keyboard handles its own keys.
    enabled: enabled && drag === null,
    pickUp,
    onMove: (key, group) => {
      // In manual order, a card moved sideways goes to the top of the column.
      const [top] = board.columns.find((one) => one.group === group)?.issues ?? [];
      put(issuesWith(key), { group, next: top === undefined ? null : cardKey(top) }, key);
    },
    onPlace: step,
    onSelect: (key) => {
      const issue = issuesWith(key).find((one) => cardKey(one) === key);
      if (issue !== undefined) selection.toggle(issue);
    },
    onExtend: extendTo,
    onClear: selection.clear,
    hasSelection: selected.size > 0,
    focusCard,
  });
  useFieldKeys(
    (target) => {
      const key = target.closest<HTMLElement>(".card[data-key]")?.dataset["key"];
      const [first = key] = selection.get().keys();
      return { issues: first === undefined ? [] : issuesWith(first), selected: selection.get().size > 0 };
    },
    enabled,
    walkingKeys,
  );

  const open = openAddress === null ? undefined : findCard(board, openAddress);
  const openKey = open === undefined ? null : cardKey(open);
  const look = useCardLook();
  const cards = useMemo<CardContext>(
    () => ({
      ...looks,
      selected,
      held: drag?.keys ?? noKeys,
      sort: query.sort,
      hrefOf: (issue) => issuePath(issue.address, search),
      look,
    }),
    [looks, selected, drag?.keys, query.sort, search, look],
  );

  const selectAll = useSelectColumn(board, query);
  const actions = useMemo<ColumnActions>(() => {
    const others = query.chips.filter(({ key }) => key !== query.group);
    const [only, another] = query.chips.filter(({ key }) => key === query.group);
    return {
      selectAll,
      filterTo: (group) => goToWork(formatQuery({ ...query, chips: [...others, { key: query.group, value: group }] })),
      filteredTo: another === undefined ? (only?.value ?? null) : null,
      collapse: (group) => {
        toggle(group);
        // The menu button was removed together with the column.
        focusHead(group);
      },
    };
  }, [query, selectAll, toggle]);

  const create = useCallback(
    (group: string) => openDialog({ kind: "create", status: isStatus(group) ? group : undefined }),
    [openDialog],
  );
  const seen = useCallback((group: string, count: number) => needs.set(group, count), [needs]);
  const nextWindows = useNextWindows(query);

  const onClick = (event: MouseEvent<HTMLElement>) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.altKey) return;
    const card = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a.card") : null;
    const key = card?.dataset["key"];
    const address = issueInPath(card?.pathname ?? "");
    if (key === undefined || address === null) return;
    event.preventDefault();
    if (event.shiftKey) {
      extendTo(key);
      card?.focus();
      return;
    }
    setActiveKey(key);
    openIssue(address, search);
  };

  return (
    <>
      <Columns
        board={board}
        cards={cards}
        activeKey={activeKey}
        openKey={openKey}
        shut={shut}
        note={notMirroredWords(board.notMirrored)?.sentence ?? null}
        onToggle={toggle}
        actions={actions}
        onClick={onClick}
        onPointerDown={onPointerDown}
        drop={drop}
        onActive={setActiveKey}
        onCreate={grouping === "status" ? create : undefined}
        onSeen={seen}
        nextWindows={nextWindows}
        handles={handles}
      />
      <output className="sr-only">{said}</output>
    </>
  );
}
