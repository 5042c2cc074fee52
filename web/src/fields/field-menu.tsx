import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { foldName } from "../../../src/domain/fold-name.ts";
import { priorityLabels, type Priority } from "../../../src/domain/priority.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { trackersQuery } from "../api/queries.ts";
import { subjectOf, useIssueChanges } from "../changes/use-issue-changes.ts";
import { Avatar } from "../ui/avatar.tsx";
import { ChoiceList } from "../ui/choice-list.tsx";
import type { ChoiceEntry } from "../ui/choice-row.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { PriorityIcon } from "../ui/icon.tsx";
import { LabelDot } from "../ui/label-dot.tsx";
import { DueDateForm, EstimateForm } from "./value-forms.tsx";
import { fieldLabels, type FieldName } from "./field-name.ts";
import type { Entries } from "./entries.ts";
import { refusedAssignee } from "./assignee-room.ts";
import { cycleEntries } from "./cycle-entries.tsx";
import { mergeForms } from "./merge-forms.ts";
import { MoveList } from "./move-list.tsx";
import { ParentList } from "./parent-list.tsx";
import { typeName } from "./type-name.ts";
import { useForms } from "./use-forms.ts";

export type FieldMenuProps = {
  readonly field: FieldName;
  readonly issues: readonly IssueShape[];
  /** Called after a choice, to close the menu. */
  readonly onDone: () => void;
};

/** The possible values of a field of one or more issues. */
export function FieldMenu({ field, issues, onDone }: FieldMenuProps) {
  switch (field) {
    case "status":
      return <MoveList issues={issues} onDone={onDone} />;
    case "parent":
      return <ParentList issues={issues} onDone={onDone} />;
    case "dueDate":
      return <DueDateForm issues={issues} onDone={onDone} />;
    case "estimate":
      return <EstimateForm issues={issues} onDone={onDone} />;
    case "priority":
    case "assignees":
    case "labels":
    case "cycle":
    case "type":
      return <ListMenu field={field} issues={issues} onDone={onDone} />;
  }
}

type ListField = "priority" | "assignees" | "labels" | "cycle" | "type";

const none = "none";

function ListMenu({ field, issues, onDone }: FieldMenuProps & { readonly field: ListField }) {
  const { forms, loading, error } = useForms(issues);
  const { entries, multiple, choose, create } = useEntries(field, issues, forms);
  return (
    <ChoiceList
      label={`${fieldLabels[field]} of ${subjectOf(issues)}`}
      placeholder={placeholders[field]}
      entries={entries}
      multiple={multiple}
      loading={loading}
      failed={error !== null}
      note={error === null ? undefined : <ErrorNote error={error} />}
      // If a source did not respond, the label may exist already or creating may not be allowed.
      onCreate={error === null ? create : undefined}
      onChoose={(id) => {
        choose(id);
        if (!multiple) onDone();
      }}
    />
  );
}

const placeholders: Record<ListField, string> = {
  priority: "Priority",
  assignees: "Assign to…",
  labels: "Find or create a label",
  cycle: "Cycle, sprint, iteration or milestone",
  type: "Type",
};

type Forms = ReturnType<typeof useForms>["forms"];

function useEntries(field: ListField, issues: readonly IssueShape[], forms: Forms): Entries {
  const { change, setPriority } = useIssueChanges();
  const [now] = useState(() => Date.now());
  const trackers = useQuery(trackersQuery).data?.trackers ?? [];
  const merged = mergeForms(forms);
  const every = (test: (issue: IssueShape) => boolean) => issues.length > 0 && issues.every(test);
  const some = (test: (issue: IssueShape) => boolean) => issues.some(test);

  if (field === "priority") {
    const offered = merged.priorities.some(({ priority }) => priority === 0)
      ? merged.priorities
      : [{ priority: 0 as Priority, native: "" }, ...merged.priorities];
    return {
      multiple: false,
      entries: offered.map(({ priority, native }) => ({
        id: String(priority),
        digit: String(priority),
        label: priorityLabels[priority],
        also: native,
        icon: <PriorityIcon priority={priority} label={false} />,
        ...(native !== "" && foldName(native) !== foldName(priorityLabels[priority]) && { more: native }),
        checked: every((issue) => issue.priority === priority),
      })),
      choose: (id) => setPriority(issues, Number(id) as Priority),
    };
  }

  if (field === "labels") {
    const toggle = (name: string) => {
      const has = every(({ labels }) => labels.some((label) => foldName(label.name) === foldName(name)));
      const label = merged.labels.find((one) => foldName(one.name) === foldName(name)) ?? { name, color: null };
      change(
        issues,
        has ? { removeLabels: [label.name] } : { addLabels: [label.name] },
        has ? { removeLabels: [label.name] } : { addLabels: [label] },
        has ? `no longer labeled ${label.name}` : `labeled ${label.name}`,
      );
    };
    const own = issues.flatMap(({ labels }) => labels);
    const known = [...new Map([...merged.labels, ...own].map((label) => [foldName(label.name), label])).values()];
    const has = (name: string) => (issue: IssueShape) =>
      issue.labels.some((label) => foldName(label.name) === foldName(name));
    return {
      multiple: true,
      entries: known.map(({ name, color }) => ({
        id: name,
        label: name,
        icon: <LabelDot color={color} />,
        checked: every(has(name)),
        mixed: some(has(name)) && !every(has(name)),
      })),
      choose: toggle,
      create: merged.newLabels ? toggle : undefined,
    };
  }

  if (field === "assignees") {
    const isMany = merged.assignees === "many";
    const mine = (issue: IssueShape) => trackers.find(({ id }) => id === issue.tracker)?.account?.login;
    const labelOf = ({ source }: Pick<IssueShape, "source">) =>
      trackers.find(({ sources }) => sources.some(({ id }) => id === source))?.label ?? "The tracker";
    const has = (login: string) => (issue: IssueShape) => issue.assignees.some((person) => person.login === login);
    const people = [...merged.members];
    for (const person of issues.flatMap(({ assignees }) => assignees)) {
      if (!people.some(({ login }) => login === person.login)) people.push(person);
    }
    const isMe = (login: string) => issues.some((issue) => mine(issue) === login);
    people.sort((a, b) => Number(isMe(b.login)) - Number(isMe(a.login)));
    return {
      multiple: isMany,
      entries: [
        {
          id: none,
          label: "Unassigned",
          icon: <Avatar person={null} />,
          checked: every(({ assignees }) => assignees.length === 0),
        },
        ...people.map((person): ChoiceEntry => ({
          // A prefix, because a login may equal any other entry's id.
          id: `login ${person.login}`,
          label: person.name === "" ? person.login : person.name,
          also: isMe(person.login) ? `${person.login} me` : person.login,
          icon: <Avatar person={person} me={isMe(person.login)} />,
          more: isMe(person.login)
            ? "you"
            : person.name === "" || person.name === person.login
              ? undefined
              : person.login,
          checked: every(has(person.login)),
          mixed: some(has(person.login)) && !every(has(person.login)),
          refused: refusedAssignee(person.login, issues, forms, labelOf),
        })),
      ],
      choose: (id) => {
        const logins = (issue: IssueShape) => issue.assignees.map(({ login }) => login);
        const person = people.find(({ login }) => id === `login ${login}`);
        if (person === undefined) {
          const removing = (issue: IssueShape) => ({ removeAssignees: logins(issue) });
          change(
            issues.filter(({ assignees }) => assignees.length > 0),
            removing,
            removing,
            "unassigned",
          );
          return;
        }
        const name = isMe(person.login) ? "you" : person.name || person.login;
        if (every(has(person.login))) {
          const removing = { removeAssignees: [person.login] };
          change(issues, removing, removing, `no longer assigned to ${name}`);
          return;
        }
        const others = (issue: IssueShape) => (isMany ? [] : logins(issue).filter((login) => login !== person.login));
        const removal = (issue: IssueShape) => (others(issue).length === 0 ? {} : { removeAssignees: others(issue) });
        change(
          issues.filter((issue) => !has(person.login)(issue)),
          (issue) => ({ addAssignees: [person.login], ...removal(issue) }),
          (issue) => ({ addAssignees: [person], ...removal(issue) }),
          `assigned to ${name}`,
        );
      },
    };
  }

  if (field === "cycle") return cycleEntries(issues, forms, change, now);

  const types = [...new Set(forms.flatMap((form) => form.types.map(({ name }) => name)))];
  return {
    multiple: false,
    entries: types.map((name) => ({ id: name, label: typeName(name), checked: every(({ type }) => type === name) })),
    choose: (type) =>
      change(
        issues.filter((issue) => issue.type !== type),
        { type },
        { type },
        `changed to ${type}`,
      ),
  };
}
