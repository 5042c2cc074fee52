import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { OperationShape } from "../../../src/server/contract/change.ts";
import { outboxQuery } from "../api/queries.ts";

const none: readonly OperationShape[] = [];

/** Operations that are unsettled or need the user; empty until loaded. */
export function useOutbox(): readonly OperationShape[] {
  return useQuery(outboxQuery).data ?? none;
}

/** Whether an operation needs the user. */
export function needsUser({ state }: Pick<OperationShape, "state">): boolean {
  return state === "refused" || state === "conflict";
}

/** Counts of operations; refused ones and conflicts both need the user. */
export function useOutboxCounts(): { readonly pending: number; readonly failed: number; readonly conflicts: number } {
  const operations = useOutbox();
  return useMemo(() => {
    const failed = operations.filter(({ state }) => state === "refused").length;
    const conflicts = operations.filter(({ state }) => state === "conflict").length;
    return { pending: operations.length - failed - conflicts, failed, conflicts };
  }, [operations]);
}
