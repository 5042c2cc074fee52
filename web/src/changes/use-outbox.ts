import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { OperationShape } from "../../../src/server/contract/change.ts";
import { outboxQuery } from "../api/queries.ts";

const none: readonly OperationShape[] = [];

/** What is on its way or needs the user; empty while it is not known. */
export function useOutbox(): readonly OperationShape[] {
  return useQuery(outboxQuery).data ?? none;
}

/** Whether an entry waits for the user. */
export function needsUser({ state }: Pick<OperationShape, "state">): boolean {
  return state === "refused" || state === "conflict";
}

/** `failed` has conflicts among it: both wait for the user. */
export function useOutboxCounts(): { readonly pending: number; readonly failed: number; readonly conflicts: number } {
  const operations = useOutbox();
  return useMemo(() => {
    const failed = operations.filter(({ state }) => state === "refused").length;
    const conflicts = operations.filter(({ state }) => state === "conflict").length;
    return { pending: operations.length - failed - conflicts, failed, conflicts };
  }, [operations]);
}
