import { PanopticonError } from "../../../domain/error.ts";
import type { ProjectMemory } from "../memory.ts";

/**
 * The complete list that GitLab expects (https://docs.gitlab.com/api/issues/#update-an-issue): the present assignees without the removed ones, then the added
 * ones. Throws `unsupported` if the plan allows only one and there are more.
 */
export function toAssigneeIds(
  present: readonly string[],
  { come, leave }: { readonly come: readonly string[]; readonly leave: readonly string[] },
  project: ProjectMemory,
): readonly number[] {
  const stay = present.filter((id) => !leave.includes(id));
  const ids = [...stay, ...come.filter((id) => !stay.includes(id))];
  if (ids.length > 1 && come.length > 0 && project.severalAssignees === false) {
    throw new PanopticonError(
      "unsupported",
      "Issues of this project can have only one assignee; more need a paid GitLab plan.",
      {
        tracker: "gitlab",
        hint: "Remove the current assignee in the same change.",
        field: "assignees",
      },
    );
  }
  return ids.map(Number);
}
