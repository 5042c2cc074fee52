import { useId } from "react";
import { FormRow, problemIdOf } from "../../fields/spec-input.tsx";
import { ParentPicker } from "../parent-picker.tsx";
import type { RowProps } from "./row-props.ts";

/** The parent of the new issue. */
export function ParentRow({ values, form, onChange, problemOf, required }: RowProps & { readonly required: boolean }) {
  const id = useId();
  return (
    <FormRow id={id} isButton name="Parent" required={required} problem={problemOf("parent")}>
      <ParentPicker
        id={id}
        value={values.parent}
        tracker={form.tracker}
        required={required}
        problemId={problemIdOf(id, problemOf("parent"))}
        onChange={(parent) => onChange({ parent })}
      />
    </FormRow>
  );
}
