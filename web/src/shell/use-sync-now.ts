import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";

/** Syncs the given connections; failures appear in the tracker's own row, with the reason. */
export function useSyncNow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (connections: readonly string[]) => {
      const results = await Promise.allSettled([...new Set(connections)].map((connection) => api.sync(connection)));
      await client.invalidateQueries({ queryKey: queryKeys.trackers });
      const failed = results.find((result) => result.status === "rejected");
      if (failed) throw failed.reason;
      return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    },
  });
}
