import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { api } from "../api/endpoints.ts";

const pauseMs = 120;
const maxFound = 12;

/** Issues that fit what is typed: refs, titles, texts. `loading`: those there fit something that was typed before. */
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
          // Without a text the order of relevance is that of the updates.
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
