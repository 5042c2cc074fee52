import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { api } from "../api/endpoints.ts";

const pauseMs = 120;
const maxFound = 12;

/** Issues that match the text: refs, titles, bodies. `loading`: the current results are for an earlier text. */
export function useIssueSearch(
  text: string,
  filter: Readonly<Record<string, string>> = {},
  enabled = true,
): { readonly issues: readonly IssueShape[]; readonly loading: boolean } {
  const [settled, setSettled] = useState(text.trim());
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery({
    queryKey: ["search", settled, maxFound, filter],
    queryFn: ({ signal }) =>
      api.issues(
        new URLSearchParams({
          ...filter,
          // Without a text, relevance sorts by update time.
          sort: "relevance",
          ...(settled === "" ? {} : { q: settled }),
          limit: String(maxFound),
        }),
        signal,
      ),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 2000,
  });
  const isAnswered = text.trim() === settled && !found.isPending && !found.isPlaceholderData;
  return { issues: found.data?.issues ?? [], loading: enabled && !isAnswered };
}
