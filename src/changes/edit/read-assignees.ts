import { PanopticonError } from "../../domain/error.ts";
import type { FieldChange } from "../../domain/operation.ts";
import type { IssuePatch } from "../changes.ts";
import { difference } from "./difference.ts";
import type { EditContext } from "./edit-context.ts";
import { nameField } from "../words/name-field.ts";
import { readPerson } from "../words/person-words.ts";
import { allowsSeveralAssignees, nameOf, type SourceContext } from "../source-context.ts";
import { readNames } from "../words/text-words.ts";
import { requireField } from "../words/type-words.ts";

/** Reads added and removed assignees; if an issue has only one assignee, a new one replaces the present one. */
export async function readAssignees(
  { addAssignees, removeAssignees }: Pick<IssuePatch, "addAssignees" | "removeAssignees">,
  { issue, source, detail }: EditContext,
  type: string,
): Promise<readonly FieldChange[]> {
  if (addAssignees === undefined && removeAssignees === undefined) return [];
  const add = await nameField("addAssignees", () => readMembers(addAssignees, source));
  const remove = await nameField("removeAssignees", async () => {
    const names = readNames(removeAssignees, "assignees");
    if (names.length === 0) return [];
    // An assignee may no longer be a member.
    const known = [...(await detail()).assignees, ...(await source.vocabulary()).people];
    return Promise.all(names.map((name) => readPerson(name, known, source)));
  });
  const before = issue.shown.assigneeIds;
  const replaces = !allowsSeveralAssignees(source) && add.length > 0;
  const kept = replaces ? [] : before.filter((id) => !remove.includes(id));
  const change = difference(before, [...kept, ...add]);
  if (change === null) return [];
  if (change.add.length > 0)
    await nameField("addAssignees", () => requireRoom(new Set([...kept, ...add]).size, source));
  await nameField("addAssignees", () => requireField(source, type, "assignees"));
  return [{ field: "assignees", ...change }];
}

/** The native ids of people by their written names. Throws `unsupported` for several if an issue has only one assignee. */
export async function readMembers(written: unknown, source: SourceContext): Promise<readonly string[]> {
  const names = readNames(written, "assignees");
  if (names.length === 0) return [];
  const { people } = await source.vocabulary();
  const ids = new Set(await Promise.all(names.map((name) => readPerson(name, people, source))));
  if (ids.size > 1 && !allowsSeveralAssignees(source)) {
    const { tracker, form } = source;
    const where = tracker.writing.assignees === "one" ? tracker.label : nameOf(source);
    throw new PanopticonError("unsupported", `An issue in ${where} can have only one assignee.`, {
      hint: [form?.oneAssignee, "Choose one of them."].filter(Boolean).join(" "),
    });
  }
  requireRoom(ids.size, source);
  return [...ids];
}

/** Throws `invalid_input` if an issue would have more assignees than its tracker allows: some trackers would leave out the others without saying so. */
function requireRoom(count: number, { tracker }: SourceContext): void {
  const most = tracker.writing.mostAssignees;
  if (most === null || count <= most) return;
  throw new PanopticonError("invalid_input", `An issue in ${tracker.label} can have at most ${most} assignees.`, {
    hint: `With these it would have ${count}. Leave some out, or unassign someone.`,
  });
}
