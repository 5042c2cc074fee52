import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { changeCalls } from "../../api/change-calls.ts";
import { textDraftIds } from "../../editor/use-text-draft.ts";
import type { Edit } from "../change-group.ts";
import { showChange } from "../shown-change.ts";
import type { TypedText, UnsentCall } from "./unsent.ts";

/** Fields whose later values an edit must not overwrite. Lists are changed by additions and removals; texts are sent with what they started from. */
const watched = ["status", "nativeState", "priority", "type", "estimate", "dueDate", "cycle", "parent"] as const;
const texts = ["title", "body"] as const;

/** An edit for another page. */
export function editCall({ issue, patch, shown }: Edit): UnsentCall {
  const after = showChange(issue, shown, issue.updatedAt);
  const fields = watched
    .filter((field) => shown[field] != null || (field !== "nativeState" && shown[field] === null))
    .map((field) => ({ field, before: valueOf(issue, field), after: valueOf(after, field) }));
  const typed = texts.flatMap((field): TypedText[] => {
    const text = patch[field];
    if (text === undefined) return [];
    const ids = textDraftIds(issue, field);
    const base = patch.base?.[field];
    return [
      { draft: ids.text, text, joins: false },
      ...(base === undefined ? [] : [{ draft: ids.base, text: base, joins: false }]),
    ];
  });
  return {
    ...changeCalls.edit(issue.address, patch),
    ...(typed.length > 0 && { texts: typed }),
    ...(fields.length > 0 && { expects: { address: issue.address, fields } }),
  };
}

/** A field's value as it is compared: names of what has a name, since the rest of it may be news. */
function valueOf(issue: IssueShape, field: string): unknown {
  switch (field) {
    case "nativeState":
      return issue.nativeState.name;
    case "cycle":
      return issue.cycle?.name ?? null;
    case "parent":
      return issue.parent?.address ?? null;
    default:
      return issue[field as keyof IssueShape];
  }
}

/** Whether somebody has changed what an edit changes since it was made. */
export function isOvertaken({ expects }: UnsentCall, now: IssueShape): boolean {
  return (expects?.fields ?? []).some(({ field, before, after }) => {
    const value = valueOf(now, field);
    return value !== before && value !== after;
  });
}
