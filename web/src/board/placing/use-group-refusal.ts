import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import type { SourceFormShape } from "../../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { formQuery, trackersQuery } from "../../api/queries.ts";
import { useGroupLabel } from "../group-label.tsx";
import { groupRefusal } from "./group-refusal.ts";

/** Returns a function that says why an issue cannot be put into a group, as far as the forms read so far tell; null: it can. */
export function useGroupRefusal(grouping: Grouping): (issue: IssueShape, group: string) => string | null {
  const client = useQueryClient();
  const labelOf = useGroupLabel(grouping);
  const trackers = useQuery(trackersQuery).data?.trackers;
  return useCallback(
    (issue, group) => {
      const form = client.getQueryData<SourceFormShape>(formQuery(issue.source).queryKey);
      const known = trackers?.flatMap(({ sources }) => sources).find(({ id }) => id === issue.source);
      return groupRefusal(form, grouping, group, { source: known?.name ?? issue.source, group: labelOf(group) });
    },
    [client, grouping, labelOf, trackers],
  );
}
