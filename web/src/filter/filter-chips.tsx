import { Icon } from "../ui/icon.tsx";
import type { Chip } from "./board-query.ts";
import { chipLabel, chipProblem, type Vocabulary } from "./suggestions.ts";

type FilterChipsProps = {
  readonly chips: readonly Chip[];
  readonly known: Vocabulary;
  readonly onRemove: (chip: Chip) => void;
};

/** The conditions of a filter, each with a button that removes it. */
export function FilterChips({ chips, known, onRemove }: FilterChipsProps) {
  return (
    <div className="filter-chips">
      {chips.map((chip) => {
        const problem = chipProblem(chip, known);
        const label = chipLabel(chip, known);
        return (
          <span
            className="filter-chip"
            key={`${chip.key}:${chip.value}`}
            data-wrong={problem !== null || undefined}
            title={problem ?? label}
          >
            <span>
              <b>{chip.key}:</b>
              {label}
            </span>
            <button type="button" aria-label={`Remove filter ${chip.key}: ${label}`} onClick={() => onRemove(chip)}>
              <Icon name="x" size={12} />
            </button>
          </span>
        );
      })}
    </div>
  );
}
