import { useId } from "react";
import { FormRow, problemIdOf } from "../../fields/spec-input.tsx";
import type { RowProps } from "./row-props.ts";

type InputRowProps = RowProps & {
  readonly field: "dueDate" | "estimate";
  readonly name: string;
  readonly type: "date" | "text";
};

/** A row with a text input. */
export function InputRow({ values, field, name, type, onChange, problemOf }: InputRowProps) {
  const id = useId();
  return (
    <FormRow id={id} name={name} problem={problemOf(field)}>
      <input
        id={id}
        className="field"
        type={type}
        inputMode={type === "text" ? "decimal" : undefined}
        autoComplete="off"
        data-field={field}
        aria-invalid={problemOf(field) !== undefined || undefined}
        aria-describedby={problemIdOf(id, problemOf(field))}
        value={values[field]}
        onChange={({ target }) => onChange({ [field]: target.value })}
      />
    </FormRow>
  );
}
