import { useEffect, useLayoutEffect, useState } from "react";
import { columnsBetween } from "./columns-between.ts";
import { GroupIcon, useGroupLabel } from "../group-label.tsx";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import { formatCount } from "../../ui/time.ts";
import { useIsPhone } from "../../ui/use-is-phone.ts";
import type { ColumnData } from "../data/board-data.ts";

type ColumnTabsProps = {
  readonly grouping: Grouping;
  readonly columns: readonly ColumnData[];
  readonly shut: ReadonlySet<string>;
  readonly onOpen: (group: string) => void;
};

function columnElement(group: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.column[data-group="${CSS.escape(group)}"]`);
}

/** Tabs for narrow screens, where one column fills the screen. */
export function ColumnTabs({ grouping, columns, shut, onOpen }: ColumnTabsProps) {
  const isPhone = useIsPhone();
  /** The column shown first: one with issues, since a filter may leave the first columns empty. */
  const [first] = useState(
    () => (columns.find(({ group, total }) => total > 0 && !shut.has(group)) ?? columns[0])?.group ?? null,
  );
  const [current, setCurrent] = useState(first);
  const labelOf = useGroupLabel(grouping);

  useLayoutEffect(() => {
    if (isPhone && first !== null) columnElement(first)?.scrollIntoView({ inline: "start", block: "nearest" });
  }, [isPhone, first]);

  useEffect(() => {
    const board = document.querySelector<HTMLElement>(".board");
    if (board === null || !isPhone) return undefined;
    const look = () => {
      const middle = board.scrollLeft + board.clientWidth / 2;
      const column = board.children[columnsBetween(board, middle, middle).to];
      const group = column instanceof HTMLElement ? column.dataset["group"] : undefined;
      if (group !== undefined) setCurrent(group);
    };
    board.addEventListener("scroll", look, { passive: true });
    return () => board.removeEventListener("scroll", look);
  }, [isPhone]);

  useEffect(() => {
    if (current === null) return;
    document
      .querySelector(`[data-column-tab="${CSS.escape(current)}"]`)
      ?.scrollIntoView({ block: "nearest", inline: "center", behavior: "smooth" });
  }, [current]);

  if (!isPhone) return null;
  return (
    <nav className="column-tabs" aria-label="Columns">
      {columns.map(({ group, total }) => (
        <button
          type="button"
          key={group}
          className="column-tab"
          data-column-tab={group}
          aria-current={current === group ? "true" : undefined}
          title={labelOf(group)}
          onClick={() => {
            if (shut.has(group)) onOpen(group);
            setCurrent(group);
            requestAnimationFrame(() => columnElement(group)?.scrollIntoView({ inline: "start", block: "nearest" }));
          }}
        >
          <GroupIcon grouping={grouping} group={group} size={14} />
          <span className="truncate">{labelOf(group)}</span>
          <span className="column-count">{formatCount(total)}</span>
        </button>
      ))}
    </nav>
  );
}
