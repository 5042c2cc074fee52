import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";

/** Asks the given connections for news; a failure shows in the tracker's own row, where its reason stands. */
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
