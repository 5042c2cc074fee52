import { fullWords } from "../../fields/assignee-room.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { chosenMembers } from "../draft-values.ts";
import type { RowProps } from "./row-props.ts";
import { PickerRow } from "./picker-row.tsx";
import { isNews } from "./is-news.ts";

/** One assignee or several, as the source allows. */
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
