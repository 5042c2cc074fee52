import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import { toApiError } from "../api/client.ts";
import { hasField } from "../fields/editable.ts";
import { SpecInput } from "../fields/spec-input.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { Words } from "../ui/words.tsx";
import { typeOf } from "./draft-values.ts";
import { AssigneeRow } from "./rows/assignee-row.tsx";
import { CycleRow } from "./rows/cycle-row.tsx";
import { InputRow } from "./rows/input-row.tsx";
import { LabelRow } from "./rows/label-row.tsx";
import { ParentRow } from "./rows/parent-row.tsx";
import { PriorityRow } from "./rows/priority-row.tsx";
import type { RowProps } from "./rows/row-props.ts";
import { StatusRow } from "./rows/status-row.tsx";
import { TypeRow } from "./rows/type-row.tsx";
import "../ui/field.css";

type CreateFieldsProps = Omit<RowProps, "form"> & {
  /** Undefined while loading and after a failure. */
  readonly form: SourceFormShape | undefined;
  readonly error: Error | null;
  readonly loading: boolean;
  readonly sourceName: string;
  /** Loads the form again. */
  readonly onRetry: () => void;
};

/** The properties of a new issue: those common to all trackers, then the source's own. */
export function CreateFields({ form, error, loading, sourceName, onRetry, ...shared }: CreateFieldsProps) {
  const { tracker, values, onChange, problemOf } = shared;
  if (form === undefined) {
    return (
      <div className="create-fields" aria-busy={loading}>
        {error !== null && <ErrorNote error={toApiError(error)} onRetry={onRetry} />}
        {error === null &&
          Array.from({ length: 5 }, (_, row) => (
            <div className="form-row" key={row}>
              <i className="bone h-3 w-14" />
              <i className="bone h-7" />
            </div>
          ))}
      </div>
    );
  }
  const type = typeOf(form, values.type);
  const name = type?.name ?? "";
  const has = (field: Parameters<typeof hasField>[0]) => hasField(field, name, form, tracker);
  const row: RowProps = { ...shared, form };
  return (
    <div className="create-fields">
      {form.writable.allowed === false && (
        <p className="read-only-note">
          <Icon name="lock" size={14} />
          <span>
            {form.writable.reason === null ? "This source is read-only." : <Words text={form.writable.reason} />}
          </span>
        </p>
      )}
      <StatusRow {...row} />
      {has("assignees") && <AssigneeRow {...row} />}
      {has("priority") && <PriorityRow {...row} />}
      {has("labels") && <LabelRow {...row} />}
      {has("parent") && <ParentRow {...row} required={type?.needsParent === true} />}
      <div className="create-group">
        <TrackerGlyph tracker={form.tracker} />
        <span className="truncate">Fields of {sourceName}</span>
      </div>
      <TypeRow {...row} />
      {type?.fields.map((spec) => (
        <SpecInput
          key={spec.id}
          spec={spec}
          form={form}
          value={values.fields[spec.id]}
          problem={problemOf(spec.id)}
          onChange={(value) => onChange({ fields: { ...values.fields, [spec.id]: value } })}
        />
      ))}
      {has("cycle") && form.cycles.length > 0 && <CycleRow {...row} />}
      {has("dueDate") && <InputRow {...row} field="dueDate" name="Due" type="date" />}
      {has("estimate") && <InputRow {...row} field="estimate" name="Estimate" type="text" />}
    </div>
  );
}
