import { typeName } from "../../fields/type-name.ts";
import { typeOf } from "../draft-values.ts";
import type { RowProps } from "./row-props.ts";
import { PickerRow } from "./picker-row.tsx";

/** Renders nothing if the source offers only one type. */
export function TypeRow({ values, form, onChange, problemOf }: RowProps) {
  const type = typeOf(form, values.type);
  const possible = form.types.filter(({ creatable }) => creatable);
  if (possible.length < 2) return null;
  return (
    <PickerRow
      field="type"
      name="Type"
      required
      problemOf={problemOf}
      placeholder="Type"
      value={<span className="truncate">{type === undefined ? null : typeName(type.name)}</span>}
      list={{
        placeholder: "Type",
        entries: possible.map(({ name, needsParent }) => ({
          id: name,
          label: typeName(name),
          ...(needsParent && { more: "needs a parent" }),
          checked: name === type?.name,
        })),
        onChoose: (name) => onChange({ type: name }),
      }}
    />
  );
}
