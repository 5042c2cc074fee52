import { useId } from "react";
import { FormRow, problemIdOf } from "../../fields/spec-input.tsx";
import { PickerButton, type PickerButtonProps } from "../../ui/picker-button.tsx";
import type { DraftValues } from "../draft-values.ts";
import type { RowProps } from "./row-props.ts";

type PickerRowProps = Pick<PickerButtonProps, "placeholder" | "value" | "list"> & {
  readonly field: keyof DraftValues;
  readonly name: string;
  readonly required?: boolean;
  readonly problemOf: RowProps["problemOf"];
};

/** A row whose value is picked from a list. */
export function PickerRow({ field, name, required, problemOf, ...picker }: PickerRowProps) {
  const id = useId();
  const problem = problemOf(field);
  return (
    <FormRow id={id} isButton name={name} required={required} problem={problem}>
      <PickerButton id={id} fieldName={field} problemId={problemIdOf(id, problem)} label={name} {...picker} />
    </FormRow>
  );
}
