import { useId, type ReactNode } from "react";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import { useIsPhone } from "../../ui/use-is-phone.ts";
import { CardSkeleton } from "../card/card.tsx";
import { cardKey } from "../data/board-data.ts";
import { type CardContext, ColumnCard } from "./column-card.tsx";
import { ColumnHead } from "./column-head.tsx";
import type { ColumnActions } from "./column-menu.tsx";
import { useColumnRows, type ColumnRowsOptions } from "./use-column-rows.ts";

type ColumnProps = Omit<ColumnRowsOptions, "sort" | "hasNote"> & {
  readonly grouping: Grouping;
  /** The column's name. */
  readonly label: string;
  readonly cards: CardContext;
  /** The card of this column whose issue is open. */
  readonly openKey: string | null;
  readonly note: string | null;
  /** Shown below the cards when the next window failed to load. */
  readonly failure: ReactNode;
  readonly onCreate?: (() => void) | undefined;
  readonly actions: ColumnActions;
};

/** A column of the board; only the rows near the visible ones are rendered. */
export function Column({ grouping, label, cards, openKey, note, failure, onCreate, actions, ...own }: ColumnProps) {
  const { column, drop } = own;
  const { issues, total, group } = column;
  const headingId = useId();
  const isPhone = useIsPhone();
  const { body, virtualizer, rowAt, active } = useColumnRows({ ...own, sort: cards.sort, hasNote: note !== null });
  const rows = virtualizer.getVirtualItems();

  return (
    <section
      className="column"
      aria-labelledby={headingId}
      data-status={grouping === "status" ? group : undefined}
      data-group={group}
      data-drop-group={group}
      data-over={drop === null ? undefined : drop.words.possible ? "yes" : "no"}
    >
      <ColumnHead {...{ headingId, grouping, group, label, total, onCreate, actions }} />
      <div className="column-body" ref={body} data-column={group} tabIndex={-1}>
        <ul aria-labelledby={headingId} className="flow-root" style={{ height: virtualizer.getTotalSize() }}>
          {rows.map((item, at) => {
            const row = rowAt(item.index);
            return (
              <li
                key={item.key}
                ref={virtualizer.measureElement}
                className="column-row"
                data-index={item.index}
                // Leave the space of rows that are not rendered; adjacent rows follow each other.
                style={{ marginTop: item.start - (rows[at - 1]?.end ?? 0) }}
                // Notes and placeholders are not part of the set.
                {...(row.kind === "issue" && { "aria-setsize": total, "aria-posinset": row.place + 1 })}
              >
                {row.kind === "issue" && (
                  <ColumnCard
                    issue={row.issue}
                    grouping={grouping}
                    cards={cards}
                    open={openKey === cardKey(row.issue)}
                    movable={isPhone}
                    focusable={active < 0 ? row.issue === issues[0] : item.index === active}
                  />
                )}
                {row.kind === "drop" && drop !== null && (
                  <div className="drop-place" data-possible={drop.words.possible}>
                    {drop.words.text}
                  </div>
                )}
                {row.kind === "waiting" && <CardSkeleton seed={item.index} />}
                {row.kind === "note" && <p className="column-note">{note}</p>}
              </li>
            );
          })}
        </ul>
      </div>
      {failure}
    </section>
  );
}
