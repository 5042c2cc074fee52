import { LabelDot } from "../../ui/label-dot.tsx";
import type { RowProps } from "./row-props.ts";
import { PickerRow } from "./picker-row.tsx";

/** Labels; new ones where the source creates them. */
export function LabelRow({ values, form, onChange, problemOf }: RowProps) {
  const known = form.labels.map(({ name }) => name);
  const own = values.labels.filter((name) => !known.includes(name));
  const toggle = (name: string) =>
    onChange({
      labels: values.labels.includes(name) ? values.labels.filter((other) => other !== name) : [...values.labels, name],
    });
  return (
    <PickerRow
      field="labels"
      name="Labels"
      problemOf={problemOf}
      placeholder="None"
      value={
        values.labels.length === 0 ? null : (
          <span className="flex min-w-0 gap-1 overflow-hidden">
            {values.labels.map((name) => (
              <span className="chip" key={name}>
                {name}
              </span>
            ))}
          </span>
        )
      }
      list={{
        placeholder: form.newLabels ? "Find or create a label" : "Find a label",
        multiple: true,
        entries: [...form.labels, ...own.map((name) => ({ name, color: null }))].map(({ name, color }) => ({
          id: name,
          label: name,
          icon: <LabelDot color={color} />,
          checked: values.labels.includes(name),
        })),
        onChoose: toggle,
        onCreate: form.newLabels ? toggle : undefined,
      }}
    />
  );
}
