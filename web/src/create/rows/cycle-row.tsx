import { useState } from "react";
import { cycleChoices, cycleWords } from "../../fields/cycle-choices.ts";
import { formatLastDay } from "../../ui/time.ts";
import type { RowProps } from "./row-props.ts";
import { PickerRow } from "./picker-row.tsx";

/** The source's open cycles. */
export function CycleRow({ values, form, onChange, problemOf }: RowProps) {
  const [now] = useState(() => Date.now());
  const chosen = form.cycles.find(({ name }) => name === values.cycle);
  return (
    <PickerRow
      field="cycle"
      name="Cycle"
      problemOf={problemOf}
      placeholder="None"
      value={
        chosen === undefined ? null : (
          <>
            <span className="truncate">{chosen.name}</span>
            {chosen.endsAt !== null && <span className="choices-more">ends {formatLastDay(chosen.endsAt)}</span>}
          </>
        )
      }
      list={{
        placeholder: "Cycle",
        entries: [
          { id: "", label: "None", checked: chosen === undefined },
          ...cycleChoices([form], now).map((cycle) => ({
            id: `cycle ${cycle.name}`,
            label: cycle.name,
            more: cycleWords(cycle),
            checked: cycle.name === values.cycle,
          })),
        ],
        onChoose: (choice) =>
          onChange({ cycle: form.cycles.find(({ name }) => `cycle ${name}` === choice)?.name ?? null }),
      }}
    />
  );
}
