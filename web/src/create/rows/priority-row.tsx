import { priorityLabels, type Priority } from "../../../../src/domain/priority.ts";
import { PriorityIcon } from "../../ui/icon.tsx";
import type { RowProps } from "./row-props.ts";
import { PickerRow } from "./picker-row.tsx";
import { isNews } from "./is-news.ts";

/** The priorities that the source knows. */
export function PriorityRow({ values, form, onChange, problemOf }: RowProps) {
  const native = form.priorities.find(({ priority }) => priority === values.priority)?.native;
  const offered: readonly Priority[] = [...new Set<Priority>([0, ...form.priorities.map(({ priority }) => priority)])];
  return (
    <PickerRow
      field="priority"
      name="Priority"
      problemOf={problemOf}
      placeholder="None"
      value={
        <>
          <PriorityIcon priority={values.priority} label={false} />
          <span className="truncate">{priorityLabels[values.priority]}</span>
          {native !== undefined && values.priority !== 0 && isNews(native, priorityLabels[values.priority]) && (
            <span className="choices-more">{native}</span>
          )}
        </>
      }
      list={{
        placeholder: "Priority",
        entries: offered.map((priority) => ({
          id: String(priority),
          digit: String(priority),
          label: priorityLabels[priority],
          icon: <PriorityIcon priority={priority} label={false} />,
          checked: priority === values.priority,
        })),
        onChoose: (choice) => onChange({ priority: offered.find((one) => String(one) === choice) ?? 0 }),
      }}
    />
  );
}
