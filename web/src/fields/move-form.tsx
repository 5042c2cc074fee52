import { useEffect, useRef, useState, type FormEvent } from "react";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import type { MoveChoiceShape } from "../../../src/server/contract/move-choice.ts";
import { commandKey } from "../shell/shortcuts.ts";
import { SpecInput } from "./spec-input.tsx";
import { isFilled, type SpecValues } from "./spec-values.ts";

type MoveFormProps = {
  readonly choice: MoveChoiceShape;
  readonly form: Pick<SourceFormShape, "members" | "labels"> | undefined;
  readonly onSubmit: (fields: SpecValues) => void;
  readonly onBack: () => void;
};

/** The fields that a transition asks for. */
export function MoveForm({ choice, form, onSubmit, onBack }: MoveFormProps) {
  const [values, setValues] = useState<SpecValues>({});
  const [tried, setTried] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const isMissing = (id: string) =>
    choice.fields.some((spec) => spec.id === id && spec.required && !isFilled(values[id]));

  useEffect(() => {
    element.current?.querySelector<HTMLElement>("[data-field]")?.focus();
  }, [choice.id]);

  const submit = () => {
    setTried(true);
    const missing = choice.fields.find(({ id }) => isMissing(id));
    if (missing === undefined) {
      onSubmit(Object.fromEntries(Object.entries(values).filter(([, value]) => isFilled(value))));
      return;
    }
    element.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(missing.id)}"]`)?.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- ⌘↵ submits the form from any field
    <form
      ref={element}
      className="move-form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        submit();
      }}
    >
      {choice.fields.map((spec) => (
        <SpecInput
          key={spec.id}
          spec={spec}
          form={form}
          value={values[spec.id]}
          problem={tried && isMissing(spec.id) ? `${spec.name} is required for ${choice.name}` : undefined}
          onChange={(value) => setValues((before) => ({ ...before, [spec.id]: value }))}
        />
      ))}
      <div className="flex justify-end gap-2">
        <button type="button" className="button" data-kind="quiet" onClick={onBack}>
          Back
        </button>
        <button type="submit" className="button" data-kind="primary">
          {choice.name}
          <kbd aria-hidden="true">{commandKey("↵")}</kbd>
        </button>
      </div>
    </form>
  );
}
