import { useId, useState } from "react";
import { foldName } from "../../../src/domain/fold-name.ts";
import { priorityLabels, type Priority } from "../../../src/domain/priority.ts";
import { isStatus, statusLabels, type Status } from "../../../src/domain/status.ts";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { fullWords } from "../fields/assignee-room.ts";
import { cycleChoices, cycleWords } from "../fields/cycle-choices.ts";
import { FormRow, problemIdOf } from "../fields/spec-input.tsx";
import { stateWords } from "../fields/state-words.ts";
import { typeName } from "../fields/type-name.ts";
import { Avatar } from "../ui/avatar.tsx";
import { PriorityIcon, StatusIcon } from "../ui/icon.tsx";
import { LabelDot } from "../ui/label-dot.tsx";
import { PickerButton, type PickerButtonProps } from "../ui/picker-button.tsx";
import { formatDay } from "../ui/time.ts";
import { chosenMembers, typeOf, type DraftValues } from "./draft-values.ts";
import { ParentPicker } from "./parent-picker.tsx";

/** The props of every row of the form. */
export type RowProps = {
  readonly values: DraftValues;
  readonly form: SourceFormShape;
  readonly tracker: TrackerShape | undefined;
  readonly onChange: (part: Partial<DraftValues>) => void;
  /** A field's validation message, by field name. */
  readonly problemOf: (field: string) => string | undefined;
};

type PickerRowProps = Pick<PickerButtonProps, "placeholder" | "value" | "list"> & {
  readonly field: keyof DraftValues;
  readonly name: string;
  readonly required?: boolean;
  readonly problemOf: RowProps["problemOf"];
};

/** A row whose value is picked from a list. */
function PickerRow({ field, name, required, problemOf, ...picker }: PickerRowProps) {
  const id = useId();
  const problem = problemOf(field);
  return (
    <FormRow id={id} isButton name={name} required={required} problem={problem}>
      <PickerButton id={id} fieldName={field} problemId={problemIdOf(id, problem)} label={name} {...picker} />
    </FormRow>
  );
}

/** Whether the tracker's name differs from the displayed one. */
function isNews(native: string, shown: string): boolean {
  return foldName(native) !== foldName(shown);
}

export function StatusRow({ values, form, onChange, problemOf }: RowProps) {
  const { statuses: states } = form;
  // A new issue without a status goes to the backlog.
  const initial = {
    status: "backlog",
    state: states.find(({ status }) => status === "backlog")?.state ?? null,
  } as const;
  const nativeOf = (status: Status) => stateWords(states, status, initial);
  const native = nativeOf(values.status);
  return (
    <PickerRow
      field="status"
      name="Status"
      problemOf={problemOf}
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
        entries: states.map(({ status }, index) => {
          const more = nativeOf(status);
          return {
            id: status,
            digit: String(index + 1),
            label: statusLabels[status],
            icon: <StatusIcon status={status} size={14} label={false} />,
            ...(more !== null && isNews(more, statusLabels[status]) && { more }),
            checked: status === values.status,
          };
        }),
        onChoose: (status) => isStatus(status) && onChange({ status }),
      }}
    />
  );
}

export function AssigneeRow({ values, form, tracker, onChange, problemOf }: RowProps) {
  const many = form.assignees === "many";
  const most = many ? form.mostAssignees : null;
  const me = tracker?.account?.login;
  const logins = chosenMembers(values, form);
  const chosen = form.members.filter(({ login }) => logins.includes(login));
  const words = chosen.map((person) => person.name || person.login);
  const members = form.members.toSorted((a, b) => Number(b.login === me) - Number(a.login === me));
  return (
    <PickerRow
      field="assignees"
      name="Assignee"
      problemOf={problemOf}
      placeholder="Unassigned"
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
        placeholder: "Assign to…",
        multiple: many,
        entries: [
          ...(many ? [] : [{ id: "", label: "Unassigned", checked: chosen.length === 0 }]),
          ...members.map((person) => ({
            id: person.login,
            label: person.name || person.login,
            also: person.login === me ? `${person.login} me` : person.login,
            icon: <Avatar person={person} me={person.login === me} />,
            ...(person.login === me
              ? { more: "you" }
              : isNews(person.login, person.name || person.login) && { more: person.login }),
            checked: logins.includes(person.login),
            ...(most !== null &&
              logins.length >= most &&
              !logins.includes(person.login) && { refused: fullWords(tracker?.label ?? "The tracker", most) }),
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
  );
}

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

export function CycleRow({ values, form, onChange, problemOf }: RowProps) {
  const [now] = useState(() => Date.now());
  const chosen = form.cycles.find(({ name }) => name === values.cycle);
  return (
    <PickerRow
      field="cycle"
      name="Cycle"
      problemOf={problemOf}
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
  );
}

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
