import { entityNotFound, inputError } from "./errors.ts";
import type { Issue, IssueLabel } from "./records.ts";
import type { LinearState } from "./state.ts";

type LabelInput = {
  readonly labelIds: readonly string[] | null | undefined;
  readonly addedLabelIds: readonly string[] | null | undefined;
  readonly removedLabelIds: readonly string[] | null | undefined;
};

/**
 * An issue's labels after a change. A group itself cannot be assigned, and an issue has at most one label per group: Linear rejects a second one instead of
 * replacing it. Both texts were seen live.
 */
export function readLabels(state: LinearState, issue: Issue, input: LabelInput): IssueLabel[] {
  const find = (id: string): IssueLabel => {
    const label = [...state.labels, ...state.teams.flatMap((team) => team.labels)].find((one) => one.id === id);
    if (label === undefined) throw entityNotFound("IssueLabel");
    if (label.team !== null && label.team !== issue.team)
      throw inputError(
        "labelIds for incorrect team",
        `The label '${label.name}' is not associated with the same team as the issue.`,
      );
    if (label.isGroup)
      throw inputError(
        "labelIds contain parent labels",
        `The label '${label.name}' is a group and cannot be assigned to issues directly.`,
      );
    return label;
  };
  const removed = new Set(input.removedLabelIds ?? []);
  const labels = [
    ...new Set([...(input.labelIds?.map(find) ?? issue.labels), ...(input.addedLabelIds ?? []).map(find)]),
  ].filter((label) => !removed.has(label.id));
  for (const label of labels) {
    const sibling = labels.find((one) => one !== label && one.parent !== null && one.parent === label.parent);
    if (sibling !== undefined)
      throw inputError(
        "labelIds not exclusive child labels",
        `The label '${sibling.name}' is in the same group as '${label.name}'. Only one label in a group can be applied to an issue.`,
      );
  }
  return labels;
}
