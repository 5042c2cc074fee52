import type { BoardQuery } from "../filter/board-query.ts";
import { useLoadedBoard } from "./data/board-query-cache.ts";
import { cardParts, setCardLook, useCardLook, usualLook, type CardPart } from "./card/card-look.ts";
import { useShutColumns } from "./column/use-shut-columns.ts";
import "./display-sheet.css";

const partLabels: Record<CardPart, string> = {
  labels: "Labels",
  state: "State in the tracker",
  estimate: "Estimate",
  due: "Due date",
  comments: "Number of comments",
  blockers: "Blocked by",
  children: "Children done",
};

/** Which parts cards show, their density, and which columns are open. Kept in this browser. */
export function DisplaySheet({ query }: { readonly query: BoardQuery }) {
  const look = useCardLook();
  const columns = useLoadedBoard(query)?.columns ?? [];
  const { shut, set } = useShutColumns("board", query.group);
  const empty = columns.filter(({ group, total }) => total === 0 && !shut.has(group));
  const hasShut = columns.some(({ group }) => shut.has(group));
  const show = (part: CardPart, shown: boolean) => {
    const shows = new Set(look.shows);
    if (shown) shows.add(part);
    else shows.delete(part);
    setCardLook({ ...look, shows });
  };
  return (
    <div className="display-sheet">
      <fieldset>
        <legend>Show on cards</legend>
        {cardParts.map((part) => (
          <label key={part}>
            <input
              type="checkbox"
              className="check-input"
              checked={look.shows.has(part)}
              onChange={({ target }) => show(part, target.checked)}
            />
            {partLabels[part]}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Density</legend>
        <label>
          <input
            type="checkbox"
            className="check-input"
            checked={look.compact}
            onChange={({ target }) => setCardLook({ ...look, compact: target.checked })}
          />
          Compact cards
        </label>
      </fieldset>
      <div className="display-columns">
        <button type="button" className="button" data-size="small" disabled={!hasShut} onClick={() => set(new Set())}>
          Show all columns
        </button>
        <button
          type="button"
          className="button"
          data-size="small"
          disabled={empty.length === 0}
          onClick={() => set(new Set([...shut, ...empty.map(({ group }) => group)]))}
        >
          Collapse empty columns
        </button>
      </div>
      <p>
        Saved in this browser.
        <button
          type="button"
          className="button"
          data-kind="quiet"
          data-size="small"
          disabled={look === usualLook}
          onClick={() => setCardLook(usualLook)}
        >
          Reset cards
        </button>
      </p>
    </div>
  );
}
