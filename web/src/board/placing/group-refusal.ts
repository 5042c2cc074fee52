import { foldName } from "../../../../src/domain/fold-name.ts";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import type { SourceFormShape } from "../../../../src/server/contract/change.ts";
import { noGroup } from "../../filter/grouping.ts";

/**
 * Why an issue of a source cannot be put into a group: the source does not have that person or cycle. null: it can, or that is not known, and the server
 * decides. `source` and `group` are names to show.
 */
export function groupRefusal(
  form: SourceFormShape | undefined,
  grouping: Grouping,
  wanted: string,
  { source, group }: { readonly source: string; readonly group: string },
): string | null {
  if (form === undefined || wanted === noGroup) return null;
  const isSame = (name: string) => foldName(name) === foldName(wanted);
  if (grouping === "assignee" && !form.members.some(({ login }) => isSame(login)))
    return `${group} can’t be assigned in ${source}`;
  if (grouping === "cycle" && !form.cycles.some(({ name }) => isSame(name))) return `${source} has no cycle ${group}`;
  return null;
}
