import { useEffect, useRef } from "react";
import type { Chip } from "./board-query.ts";
import { chipLabel, type Vocabulary } from "./suggestions.ts";

type FilterOffersProps = {
  readonly offers: readonly Chip[];
  readonly known: Vocabulary;
  readonly onAdd: (chip: Chip) => void;
};

/** Makes a row that wraps as wide as its first line, so that what follows stands right behind it. */
function fitFirstLine(row: HTMLElement): void {
  row.style.maxWidth = "";
  const items = [...row.children].filter((child) => child instanceof HTMLElement);
  const first = items.filter(({ offsetTop }) => offsetTop < row.offsetTop + row.offsetHeight);
  if (first.length === items.length) return;
  const last = first.at(-1);
  const { left } = row.getBoundingClientRect();
  // A fraction of a pixel too few would send the last one to the next line.
  row.style.maxWidth = `${last === undefined ? 0 : Math.ceil(last.getBoundingClientRect().right - left)}px`;
}

/** Conditions that are likely to be wanted, one click away: as many as there is room for. */
export function FilterOffers({ offers, known, onAdd }: FilterOffersProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = row.current;
    const field = element?.parentElement;
    if (!element || !field) return undefined;
    // Tells of the size at first, too, before it is painted.
    const observer = new ResizeObserver(() => fitFirstLine(element));
    observer.observe(field);
    return () => observer.disconnect();
  }, [offers]);
  return (
    // Those that do not fit are below the edge, where only the keyboard reaches them.
    <div className="filter-offers not-phone" ref={row} onBlur={(event) => event.currentTarget.scrollTo(0, 0)}>
      {offers.map((chip) => (
        <button
          type="button"
          className="filter-chip"
          key={`${chip.key}:${chip.value}`}
          aria-label={`Add filter ${chip.key}: ${chipLabel(chip, known)}`}
          onClick={() => onAdd(chip)}
        >
          <span>
            <b>{chip.key}:</b>
            {chipLabel(chip, known)}
          </span>
        </button>
      ))}
    </div>
  );
}
