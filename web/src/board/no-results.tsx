import { useQuery } from "@tanstack/react-query";
import { countQuery } from "../api/queries.ts";
import { conditionCount, emptyQuery, formatQuery, withoutChip, type BoardQuery } from "../filter/board-query.ts";
import { chipLabel, type Vocabulary } from "../filter/suggestions.ts";
import { formatCount } from "../ui/time.ts";
import type { BoardData } from "./data/board-data.ts";

type NoResultsProps = {
  readonly query: BoardQuery;
  readonly board: BoardData;
  readonly known: Vocabulary;
  readonly onChange: (query: BoardQuery, options: { replace: boolean }) => void;
};

/** Explains an empty result, and how many issues match without the last condition. */
export function NoResults({ query, board, known, onChange }: NoResultsProps) {
  const conditions = conditionCount(query);
  const lastChip = query.chips.at(-1);
  const byText = query.text !== "";
  const without: BoardQuery | null = byText
    ? { ...query, text: "" }
    : lastChip === undefined
      ? null
      : withoutChip(query, lastChip);
  const label = byText ? `“${query.text}”` : lastChip && `${lastChip.key}: ${chipLabel(lastChip, known)}`;
  const { data: count } = useQuery({
    ...countQuery(formatQuery(without ?? emptyQuery)),
    enabled: without !== null,
  });

  if (without === null) {
    return (
      <div className="empty">
        <h2>No issues yet</h2>
        <p>
          {board.mirrored === 0
            ? "The first sync fills the board. Follow its progress under Trackers in the sidebar."
            : "Nothing to show."}
        </p>
      </div>
    );
  }
  return (
    <div className="empty">
      <h2>{conditions === 1 ? "No issue matches the filter" : `No issue matches ${conditions} filters`}</h2>
      <p>
        {count !== undefined && (
          <>
            Without <bdi className="font-semibold text-ink-2">{label}</bdi> there {count === 1 ? "is" : "are"}{" "}
            {formatCount(count)}.{" "}
          </>
        )}
        {!byText && "Press ⌫ in the field to remove the last filter."}
      </p>
      <div className="mt-3 flex max-w-full gap-2">
        <button type="button" className="button min-w-0 max-w-60" onClick={() => onChange(without, { replace: false })}>
          <span className="truncate">
            Remove <bdi>{label}</bdi>
          </span>
        </button>
        {conditions > 1 && (
          <button
            type="button"
            className="button"
            data-kind="quiet"
            onClick={() => onChange({ ...emptyQuery, sort: query.sort }, { replace: false })}
          >
            Clear all
          </button>
        )}
      </div>
    </div>
  );
}
