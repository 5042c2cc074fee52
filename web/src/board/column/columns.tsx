import {
  memo,
  startTransition,
  useCallback,
  useEffect,
  useRef,
  useState,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
} from "react";
import { afterPaint } from "../../api/after-paint.ts";
import { formatCount } from "../../ui/time.ts";
import { placeOf, type BoardData, type ColumnData } from "../data/board-data.ts";
import type { NextWindows, WindowFailure } from "../data/use-next-windows.ts";
import { WindowFailureNote } from "../window-failure-note.tsx";
import { ColumnTabs } from "./column-tabs.tsx";
import type { ColumnActions } from "./column-menu.tsx";
import { FarColumn } from "./far-column.tsx";
import { focusHead } from "./focus-head.ts";
import { useNearColumns } from "./use-near-columns.ts";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import { GroupIcon, useGroupLabel } from "../group-label.tsx";
import type { CardContext } from "./column-card.tsx";
import type { ColumnDrop, ColumnHandle } from "./column-handle.ts";
import { Column } from "./column.tsx";

type ColumnsProps = {
  readonly board: BoardData;
  readonly cards: CardContext;
  readonly activeKey: string | null;
  /** The card whose issue is open over the board. */
  readonly openKey: string | null;
  readonly shut: ReadonlySet<string>;
  readonly note: string | null;
  readonly onToggle: (group: string) => void;
  readonly actions: ColumnActions;
  readonly onClick: (event: MouseEvent<HTMLElement>) => void;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  /** What is being dragged over which column. */
  readonly drop: (ColumnDrop & { readonly group: string }) | null;
  readonly onCreate?: ((group: string) => void) | undefined;
  readonly onActive: (key: string) => void;
  readonly onSeen: (group: string, count: number) => void;
  readonly nextWindows: NextWindows;
  readonly handles: RefObject<Map<string, ColumnHandle>>;
};

/** Overscan rows: none on the first render, to make it fast, then enough to scroll into. */
const rowsAtFirst = 0;
const rowsThen = 6;

export function Columns(props: ColumnsProps) {
  const { board, cards, shut, activeKey, openKey, note, drop, handles } = props;
  const { onClick, onPointerDown, onActive, onToggle, onCreate, onSeen, nextWindows, actions } = props;
  const labelOf = useGroupLabel(board.grouping);
  const activeGroup = activeKey === null ? undefined : placeOf(board, activeKey)?.group;
  const openGroup = openKey === null ? undefined : placeOf(board, openKey)?.group;
  const area = useRef<HTMLDivElement>(null);
  const near = useNearColumns(area, board.columns.length);
  /** A column with the focus, or whose issue is open, stays wherever the board is scrolled. */
  const isShown = (group: string, index: number) => near(index) || group === activeGroup || group === openGroup;
  const far = board.columns.filter(({ group }, index) => !isShown(group, index)).map(({ group }) => group);
  // A refresh need not read their cards.
  useEffect(() => {
    for (const group of far) onSeen(group, 0);
  });
  const [rowsBeyond, setRowsBeyond] = useState(rowsAtFirst);
  useEffect(() => afterPaint(() => startTransition(() => setRowsBeyond(rowsThen))), []);
  return (
    <>
      <ColumnTabs grouping={board.grouping} columns={board.columns} shut={shut} onOpen={onToggle} />
      {/* One set of handlers for clicks and focus of all cards, which are links themselves. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- the links handle the keys */}
      <div
        className="board"
        ref={area}
        data-compact={cards.look.compact || undefined}
        onClick={onClick}
        onPointerDown={onPointerDown}
        onFocus={(event) => {
          const key = event.target.closest<HTMLElement>(".card")?.dataset["key"];
          if (key !== undefined) onActive(key);
        }}
      >
        {board.columns.map((column, index) =>
          shut.has(column.group) ? (
            <button
              type="button"
              key={column.group}
              className="column-shut"
              aria-expanded={false}
              data-drop-group={column.group}
              data-over={drop?.group !== column.group ? undefined : drop.words.possible ? "yes" : "no"}
              title={`Show ${labelOf(column.group)}`}
              onClick={() => {
                onToggle(column.group);
                // The collapsed strip had the focus.
                focusHead(column.group);
              }}
            >
              <GroupIcon grouping={board.grouping} group={column.group} />
              <span>{labelOf(column.group)}</span>
              <span className="column-count">{formatCount(column.total)}</span>
            </button>
          ) : !isShown(column.group, index) ? (
            <FarColumn key={column.group} column={column} label={labelOf(column.group)} />
          ) : (
            <BoardColumn
              key={column.group}
              column={column}
              grouping={board.grouping}
              label={labelOf(column.group)}
              cards={cards}
              activeKey={activeGroup === column.group ? activeKey : null}
              openKey={openGroup === column.group ? openKey : null}
              note={board.grouping === "status" && column.group === "done" ? note : null}
              drop={drop?.group === column.group ? drop : null}
              actions={actions}
              onCreate={onCreate}
              onSeen={onSeen}
              onLoadMore={nextWindows.load}
              failure={nextWindows.failures.get(column.group)}
              handles={handles}
              overscan={rowsBeyond}
            />
          ),
        )}
      </div>
    </>
  );
}

type BoardColumnProps = Pick<
  ColumnsProps,
  "cards" | "activeKey" | "openKey" | "note" | "actions" | "onCreate" | "onSeen" | "handles"
> & {
  readonly onLoadMore: NextWindows["load"];
  readonly failure: WindowFailure | undefined;
  readonly column: ColumnData;
  readonly grouping: Grouping;
  readonly label: string;
  readonly drop: ColumnDrop | null;
  readonly overscan: number;
};

/** A column and its load error; re-rendered only when something in it changes. */
const BoardColumn = memo(function BoardColumn(props: BoardColumnProps) {
  const { column, grouping, label, cards, activeKey, openKey, note, drop, overscan, handles } = props;
  const { actions, onSeen, onLoadMore, onCreate, failure } = props;
  const { group } = column;
  const load = useCallback(() => onLoadMore(group), [onLoadMore, group]);
  const seen = useCallback((count: number) => onSeen(group, count), [onSeen, group]);
  const register = useCallback(
    (handle: ColumnHandle | null) => {
      if (handle === null) handles.current.delete(group);
      else handles.current.set(group, handle);
    },
    [handles, group],
  );
  return (
    <Column
      column={column}
      grouping={grouping}
      label={label}
      cards={cards}
      activeKey={activeKey}
      openKey={openKey}
      note={note}
      onLoadMore={failure === undefined ? load : ignore}
      onSeen={seen}
      drop={drop}
      onCreate={onCreate && (() => onCreate(group))}
      overscan={overscan}
      actions={actions}
      register={register}
      failure={failure && <WindowFailureNote failure={failure} onRetry={load} />}
    />
  );
});

function ignore(): void {
  // Once a window has failed, load nothing else before it has been retried.
}
