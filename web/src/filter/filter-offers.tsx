import { useEffect, useRef } from "react";
import type { Chip } from "./board-query.ts";
import { chipLabel, type Vocabulary } from "./suggestions.ts";

type FilterOffersProps = {
  readonly offers: readonly Chip[];
  readonly known: Vocabulary;
  readonly onAdd: (chip: Chip) => void;
};

/** Shrinks a wrapping row to the width of its first line, so that what follows is adjacent. */
function fitFirstLine(row: HTMLElement): void {
  row.style.maxWidth = "";
  const items = [...row.children].filter((child) => child instanceof HTMLElement);
  const first = items.filter(({ offsetTop }) => offsetTop < row.offsetTop + row.offsetHeight);
  if (first.length === items.length) return;
  const last = first.at(-1);
  const { left } = row.getBoundingClientRect();
  // Round up: a fraction of a pixel too little would wrap the last item.
  row.style.maxWidth = `${last === undefined ? 0 : Math.ceil(last.getBoundingClientRect().right - left)}px`;
}

/** Likely conditions as one-click chips, as many as fit. */
export function FilterOffers({ offers, known, onAdd }: FilterOffersProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = row.current;
    const field = element?.parentElement;
    if (!element || !field) return undefined;
    // The observer also fires initially, before the first paint.
    const observer = new ResizeObserver(() => fitFirstLine(element));
    observer.observe(field);
    return () => observer.disconnect();
  }, [offers]);
  return (
    // Chips that do not fit are clipped but reachable by keyboard; scroll back when the focus leaves.
    <div className="filter-offers not-phone" ref={row} onBlur={(event) => event.currentTarget.scrollTo(0, 0)}>
      {offers.map((chip) => (
        <button
          type="button"
          className="filter-chip"
          key={`${chip.key}:${chip.value}`}
          aria-label={`Add filter ${chip.key}: ${chipLabel(chip, known)}`}
          title={chipLabel(chip, known)}
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
