import { useId, useState } from "react";
import { foldName } from "../../../src/domain/fold-name.ts";
import { priorityLabels, type Priority } from "../../../src/domain/priority.ts";
import { isStatus, statusLabels } from "../../../src/domain/status.ts";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { hasField } from "../fields/editable.ts";
import { FormRow, problemIdOf, SpecInput } from "../fields/spec-input.tsx";
import { cycleChoices, cycleWords } from "../fields/cycle-choices.ts";
import { typeName } from "../fields/type-name.ts";
import { ParentPicker } from "./parent-picker.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, PriorityIcon, StatusIcon, TrackerGlyph } from "../ui/icon.tsx";
import { LabelDot } from "../ui/label-dot.tsx";
import { PickerButton } from "../ui/picker-button.tsx";
import { formatDay } from "../ui/time.ts";
import { Words } from "../ui/words.tsx";
import { typeOf, type DraftValues } from "./draft-values.ts";
import "../ui/field.css";

type CreateFieldsProps = {
  readonly values: DraftValues;
  readonly form: SourceFormShape | undefined;
  readonly error: Error | null;
  readonly loading: boolean;
  readonly tracker: TrackerShape | undefined;
  readonly sourceName: string;
  readonly onChange: (part: Partial<DraftValues>) => void;
  /** What is wrong with a field, by its name. */
  readonly problemOf: (field: string) => string | undefined;
};

/** The properties of a new issue: first those that every tracker has, then the source's own. */
export function CreateFields(props: CreateFieldsProps) {
  const { form, error, loading, tracker, sourceName, values } = props;
  if (form === undefined) {
    return (
      <div className="create-fields" aria-busy={loading}>
        {error !== null && <ErrorNote error={toApiError(error)} />}
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
  return (
    <div className="create-fields">
      {form.writable.allowed === false && (
        <p className="read-only-note">
          <Icon name="lock" size={14} />
          <span>
            {form.writable.reason === null ? "This source can only be read." : <Words text={form.writable.reason} />}
          </span>
        </p>
      )}
      <StatusRow {...props} form={form} />
      {has("assignees") && <AssigneeRow {...props} form={form} />}
      {has("priority") && <PriorityRow {...props} form={form} />}
      {has("labels") && <LabelRow {...props} form={form} />}
      {has("parent") && <ParentRow {...props} required={type?.needsParent === true} />}
      <div className="create-group">
        <TrackerGlyph tracker={form.tracker} />
        <span className="truncate">Fields of {sourceName}</span>
      </div>
      <TypeRow {...props} form={form} />
      {type?.fields.map((spec) => (
        <SpecInput
          key={spec.id}
          spec={spec}
          form={form}
          value={values.fields[spec.id]}
          problem={props.problemOf(spec.id)}
          onChange={(value) => props.onChange({ fields: { ...values.fields, [spec.id]: value } })}
        />
      ))}
      {has("cycle") && form.cycles.length > 0 && <CycleRow {...props} form={form} />}
      {has("dueDate") && <InputRow {...props} field="dueDate" name="Due" type="date" />}
      {has("estimate") && <InputRow {...props} field="estimate" name="Estimate" type="text" />}
    </div>
  );
}

type RowProps = CreateFieldsProps & { readonly form: SourceFormShape };

/** Whether the tracker's own word says more than the one beside it. */
function isNews(native: string, shown: string): boolean {
  return foldName(native) !== foldName(shown);
}

function StatusRow({ values, form, onChange, problemOf }: RowProps) {
  const id = useId();
  const native = form.statuses.find(({ status }) => status === values.status)?.state ?? null;
  return (
    <FormRow id={id} isButton name="Status" problem={problemOf("status")}>
      <PickerButton
        id={id}
        fieldName="status"
        problemId={problemIdOf(id, problemOf("status"))}
        label="Status"
        placeholder="Status"
        value={
          <>
            <StatusIcon status={values.status} size={14} label={false} />
            <span className="truncate">{statusLabels[values.status]}</span>
            {native !== null && isNews(native, statusLabels[values.status]) && (
              <span className="choices-more">{native}</span>
            )}
          </>
        }
        list={{
          placeholder: "Status",
          entries: form.statuses.map(({ status, state }, index) => ({
            id: status,
            digit: String(index + 1),
            label: statusLabels[status],
            icon: <StatusIcon status={status} size={14} label={false} />,
            ...(state !== null && isNews(state, statusLabels[status]) && { more: state }),
            checked: status === values.status,
          })),
          onChoose: (status) => isStatus(status) && onChange({ status }),
        }}
      />
    </FormRow>
  );
}

function AssigneeRow({ values, form, tracker, onChange, problemOf }: RowProps) {
  const id = useId();
  const many = tracker?.writing.assignees !== "one";
  const me = tracker?.account?.login;
  const chosen = form.members.filter(({ login }) => values.assignees.includes(login));
  const words = chosen.map((person) => person.name || person.login);
  const members = form.members.toSorted((a, b) => Number(b.login === me) - Number(a.login === me));
  return (
    <FormRow id={id} isButton name="Assignee" problem={problemOf("assignees")}>
      <PickerButton
        id={id}
        fieldName="assignees"
        problemId={problemIdOf(id, problemOf("assignees"))}
        label="Assignee"
        placeholder="Nobody"
        value={
          chosen.length === 0 ? null : (
            <span className="flex min-w-0 items-center gap-1.5 overflow-hidden">
              {chosen.map((person) => (
                <Avatar key={person.login} person={person} me={person.login === me} />
              ))}
              <span className="truncate">{words.join(", ")}</span>
            </span>
          )
        }
        list={{
          placeholder: "Who",
          multiple: many,
          entries: [
            ...(many ? [] : [{ id: "", label: "Nobody", checked: chosen.length === 0 }]),
            ...members.map((person) => ({
              id: person.login,
              label: person.name || person.login,
              also: person.login === me ? `${person.login} me` : person.login,
              icon: <Avatar person={person} me={person.login === me} />,
              ...(person.login === me
                ? { more: "you" }
                : isNews(person.login, person.name || person.login) && { more: person.login }),
              checked: values.assignees.includes(person.login),
            })),
          ],
          onChoose: (login) => {
            const others = values.assignees.filter((other) => other !== login);
            const had = others.length < values.assignees.length;
            if (!many) onChange({ assignees: login === "" ? [] : [login] });
            else onChange({ assignees: had ? others : [...others, login] });
          },
        }}
      />
    </FormRow>
  );
}

function PriorityRow({ values, form, onChange, problemOf }: RowProps) {
  const id = useId();
  const native = form.priorities.find(({ priority }) => priority === values.priority)?.native;
  const offered: readonly Priority[] = [...new Set<Priority>([0, ...form.priorities.map(({ priority }) => priority)])];
  return (
    <FormRow id={id} isButton name="Priority" problem={problemOf("priority")}>
      <PickerButton
        id={id}
        fieldName="priority"
        problemId={problemIdOf(id, problemOf("priority"))}
        label="Priority"
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
    </FormRow>
  );
}

function LabelRow({ values, form, onChange, problemOf }: RowProps) {
  const id = useId();
  const known = form.labels.map(({ name }) => name);
  const own = values.labels.filter((name) => !known.includes(name));
  const toggle = (name: string) =>
    onChange({
      labels: values.labels.includes(name) ? values.labels.filter((other) => other !== name) : [...values.labels, name],
    });
  return (
    <FormRow id={id} isButton name="Labels" problem={problemOf("labels")}>
      <PickerButton
        id={id}
        fieldName="labels"
        problemId={problemIdOf(id, problemOf("labels"))}
        label="Labels"
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
    </FormRow>
  );
}

function ParentRow({
  values,
  form,
  onChange,
  problemOf,
  required,
}: CreateFieldsProps & { readonly required: boolean }) {
  const id = useId();
  return (
    <FormRow id={id} isButton name="Parent" required={required} problem={problemOf("parent")}>
      <ParentPicker
        id={id}
        value={values.parent}
        tracker={form?.tracker}
        problemId={problemIdOf(id, problemOf("parent"))}
        onChange={(parent) => onChange({ parent })}
      />
    </FormRow>
  );
}

function TypeRow({ values, form, onChange, problemOf }: RowProps) {
  const id = useId();
  const type = typeOf(form, values.type);
  const possible = form.types.filter(({ creatable }) => creatable);
  if (possible.length < 2) return null;
  return (
    <FormRow id={id} isButton name="Type" required problem={problemOf("type")}>
      <PickerButton
        id={id}
        fieldName="type"
        problemId={problemIdOf(id, problemOf("type"))}
        label="Type"
        placeholder="Type"
        value={<span className="truncate">{type === undefined ? null : typeName(type.name)}</span>}
        list={{
          placeholder: "Type",
          entries: possible.map(({ name, needsParent }) => ({
            id: name,
            label: typeName(name),
            ...(needsParent && { more: "below another issue" }),
            checked: name === type?.name,
          })),
          onChoose: (name) => onChange({ type: name }),
        }}
      />
    </FormRow>
  );
}

function CycleRow({ values, form, onChange, problemOf }: RowProps) {
  const id = useId();
  const [now] = useState(() => Date.now());
  const chosen = form.cycles.find(({ name }) => name === values.cycle);
  return (
    <FormRow id={id} isButton name="Cycle" problem={problemOf("cycle")}>
      <PickerButton
        id={id}
        fieldName="cycle"
        problemId={problemIdOf(id, problemOf("cycle"))}
        label="Cycle"
        placeholder="None"
        value={
          chosen === undefined ? null : (
            <>
              <span className="truncate">{chosen.name}</span>
              {chosen.endsAt !== null && <span className="choices-more">ends {formatDay(chosen.endsAt)}</span>}
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
    </FormRow>
  );
}

type InputRowProps = CreateFieldsProps & {
  readonly field: "dueDate" | "estimate";
  readonly name: string;
  readonly type: "date" | "text";
};

function InputRow({ values, field, name, type, onChange, problemOf }: InputRowProps) {
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
