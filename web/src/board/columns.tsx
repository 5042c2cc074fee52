import { useCallback, useRef, useState, type MouseEvent, type PointerEvent, type RefObject } from "react";
import { statusLabels, type Status } from "../../../src/domain/status.ts";
import { toApiError } from "../api/client.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { StatusIcon } from "../ui/icon.tsx";
import { formatCount } from "../ui/time.ts";
import { placeOf, type BoardData, type ColumnData } from "./board-data.ts";
import { ColumnTabs } from "./column-tabs.tsx";
import { Column, type CardContext, type ColumnDrop, type ColumnHandle } from "./column.tsx";

type ColumnsProps = {
  readonly board: BoardData;
  readonly cards: CardContext;
  readonly activeKey: string | null;
  readonly shut: ReadonlySet<Status>;
  readonly note: string | null;
  readonly onToggle: (status: Status) => void;
  readonly onClick: (event: MouseEvent<HTMLElement>) => void;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  /** What is held over which column. */
  readonly drop: (ColumnDrop & { readonly status: Status }) | null;
  readonly onCreate?: (status: Status) => void;
  readonly onActive: (key: string) => void;
  readonly onSeen: (status: Status, count: number) => void;
  readonly onLoadMore: (status: Status) => Promise<void>;
  readonly handles: RefObject<Map<Status, ColumnHandle>>;
};

export function Columns(props: ColumnsProps) {
  const { board, shut, activeKey, drop, onClick, onPointerDown, onActive, onToggle } = props;
  const activePlace = activeKey === null ? null : placeOf(board, activeKey);
  return (
    <>
      <ColumnTabs columns={board.columns} shut={shut} onOpen={onToggle} />
      {/* Clicks and focus of the cards, which are links of their own, are read here once for all of them. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events */}
      <div
        className="board"
        onClick={onClick}
        onPointerDown={onPointerDown}
        onFocus={(event) => {
          const key = event.target.closest<HTMLElement>(".card")?.dataset["key"];
          if (key !== undefined) onActive(key);
        }}
      >
        {board.columns.map((column) =>
          shut.has(column.status) ? (
            <button
              type="button"
              key={column.status}
              className="column-shut"
              aria-expanded={false}
              data-drop-status={column.status}
              data-over={drop?.status !== column.status ? undefined : drop.words.possible ? "yes" : "no"}
              title={`Show ${statusLabels[column.status]}`}
              onClick={() => onToggle(column.status)}
            >
              <StatusIcon status={column.status} label={false} />
              <span>{statusLabels[column.status]}</span>
              <span className="column-count">{formatCount(column.total)}</span>
            </button>
          ) : (
            <BoardColumn
              key={column.status}
              {...props}
              column={column}
              activeKey={activePlace?.status === column.status ? activeKey : null}
              drop={drop?.status === column.status ? drop : null}
            />
          ),
        )}
      </div>
    </>
  );
}

/** A column and the loading of its next window. */
function BoardColumn({
  column,
  cards,
  activeKey,
  note,
  onToggle,
  onSeen,
  onLoadMore,
  handles,
  drop,
  onCreate,
}: ColumnsProps & { readonly column: ColumnData }) {
  const { status } = column;
  const [error, setError] = useState<unknown>(null);
  const loading = useRef(false);

  const load = useCallback(() => {
    if (loading.current) return;
    loading.current = true;
    onLoadMore(status)
      .then(() => setError(null), setError)
      .finally(() => {
        loading.current = false;
      });
  }, [onLoadMore, status]);
  const seen = useCallback((count: number) => onSeen(status, count), [onSeen, status]);
  const register = useCallback(
    (handle: ColumnHandle | null) => {
      if (handle === null) handles.current.delete(status);
      else handles.current.set(status, handle);
    },
    [handles, status],
  );
  return (
    <Column
      column={column}
      cards={cards}
      activeKey={activeKey}
      note={status === "done" ? note : null}
      onLoadMore={error === null ? load : ignore}
      onSeen={seen}
      drop={drop}
      onCreate={onCreate && (() => onCreate(status))}
      onShut={status === "canceled" ? () => onToggle(status) : undefined}
      register={register}
      failure={
        error === null ? null : (
          <ErrorNote error={toApiError(error)}>
            <button type="button" className="button" data-size="small" onClick={load}>
              Retry
            </button>
          </ErrorNote>
        )
      }
    />
  );
}

function ignore(): void {
  // After a failed window nothing more is asked for until the user says so.
}
