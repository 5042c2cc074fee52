import { useId, type ReactNode } from "react";
import type { FieldSpecShape } from "../../../src/server/contract/move-choice.ts";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icon.tsx";
import { LabelDot } from "../ui/label-dot.tsx";
import { PickerButton } from "../ui/picker-button.tsx";
import { isFilled } from "./spec-values.ts";
import "../ui/field.css";

type SpecInputProps = {
  readonly spec: FieldSpecShape;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** The source's members and labels, for fields that need them. */
  readonly form: Pick<SourceFormShape, "members" | "labels"> | undefined;
  readonly problem?: string | undefined;
};

/** A form row for a tracker-specific field, built from its description. */
export function SpecInput({ spec, value, onChange, form, problem }: SpecInputProps) {
  const id = useId();
  const isButton = ["choice", "choices", "person", "people", "labels"].includes(spec.kind);
  return (
    <FormRow id={id} isButton={isButton} name={spec.name} required={spec.required} problem={problem}>
      <SpecControl id={id} spec={spec} value={value} onChange={onChange} form={form} problem={problem} />
    </FormRow>
  );
}

type FormRowProps = {
  readonly id: string;
  readonly name: string;
  /** The control is a button that names itself. */
  readonly isButton?: boolean;
  readonly required?: boolean | undefined;
  readonly problem?: string | undefined;
  readonly note?: ReactNode;
  readonly children: ReactNode;
};

/** The id of a control's validation message; undefined if there is none. */
export function problemIdOf(id: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `${id}-problem`;
}

/** A labelled control with its validation message. */
export function FormRow({ id, name, isButton = false, required = false, problem, note, children }: FormRowProps) {
  const words = (
    <>
      {name}
      {required && (
        <>
          {" "}
          <b className="text-bad" title="Required">
            *
          </b>
          <span className="sr-only"> (required)</span>
        </>
      )}
    </>
  );
  return (
    <div className="form-row" data-wrong={problem !== undefined || undefined}>
      {isButton ? <span className="form-label">{words}</span> : <label htmlFor={id}>{words}</label>}
      {children}
      {problem !== undefined && (
        <small id={problemIdOf(id, problem)} className="form-problem">
          <Icon name="alert" size={12} />
          <span>{problem}</span>
        </small>
      )}
      {problem === undefined && note !== undefined && <small>{note}</small>}
    </div>
  );
}

function SpecControl({ id, spec, value, onChange, form, problem }: SpecInputProps & { readonly id: string }) {
  const common = {
    id,
    "data-field": spec.id,
    "aria-invalid": problem !== undefined || undefined,
    "aria-describedby": problemIdOf(id, problem),
    "aria-required": spec.required || undefined,
  };
  switch (spec.kind) {
    case "text":
    case "number":
    case "date":
      return (
        <input
          {...common}
          className="field"
          type={spec.kind === "date" ? "date" : "text"}
          inputMode={spec.kind === "number" ? "decimal" : undefined}
          autoComplete="off"
          value={typeof value === "string" || typeof value === "number" ? String(value) : ""}
          onChange={({ target }) => {
            const number = Number(target.value.replace(",", "."));
            // Keep incomplete numbers ("1.") as typed.
            const isNumber = spec.kind === "number" && target.value.trim() !== "" && String(number) === target.value;
            onChange(isNumber ? number : target.value);
          }}
        />
      );
    case "markdown":
      return (
        <textarea
          {...common}
          className="field"
          rows={3}
          value={typeof value === "string" ? value : ""}
          onChange={({ target }) => onChange(target.value)}
        />
      );
    case "choice":
    case "choices":
    case "person":
    case "people":
    case "labels":
      return <SpecPicker {...{ id, spec, value, onChange, form, problem }} />;
  }
}

function SpecPicker({ id, spec, value, onChange, form, problem }: SpecInputProps & { readonly id: string }) {
  const multiple = spec.kind === "choices" || spec.kind === "people" || spec.kind === "labels";
  const isPerson = spec.kind === "person" || spec.kind === "people";
  const chosen = new Set(Array.isArray(value) ? value.map(String) : isFilled(value) ? [String(value)] : []);
  const options = isPerson
    ? (form?.members ?? []).map((person) => ({
        id: person.login,
        label: person.name || person.login,
        also: person.login,
        icon: <Avatar person={person} />,
      }))
    : spec.kind === "labels" && spec.options.length === 0
      ? (form?.labels ?? []).map(({ name, color }) => ({ id: name, label: name, icon: <LabelDot color={color} /> }))
      : spec.options.map((option) => ({ id: option.id, label: option.name }));
  const words = options.flatMap((option) => (chosen.has(option.id) ? [option.label] : []));
  return (
    <PickerButton
      id={id}
      fieldName={spec.id}
      label={spec.name}
      problemId={problemIdOf(id, problem)}
      placeholder={spec.required ? `Choose ${spec.name.toLowerCase()}` : "None"}
      value={
        words.length === 0 ? null : multiple ? (
          <span className="flex min-w-0 gap-1 overflow-hidden">
            {words.map((word) => (
              <span className="chip" key={word}>
                {word}
              </span>
            ))}
          </span>
        ) : (
          <span className="truncate">{words[0]}</span>
        )
      }
      list={{
        placeholder: spec.name,
        multiple,
        entries: [
          ...(!multiple && !spec.required ? [{ id: "", label: "None", checked: chosen.size === 0 }] : []),
          ...options.map((option) => ({ ...option, checked: chosen.has(option.id) })),
        ],
        onChoose: (choice) => {
          if (!multiple) onChange(choice === "" ? null : choice);
          else onChange(chosen.has(choice) ? [...chosen].filter((one) => one !== choice) : [...chosen, choice]);
        },
      }}
    />
  );
}
