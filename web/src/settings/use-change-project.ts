import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";
import { useSayUnchecked } from "./use-say-unchecked.ts";

/** Writes a project's keys to projects.yaml and refreshes everything that depends on them. */
export function useChangeProject(id: string) {
  const client = useQueryClient();
  const sayUnchecked = useSayUnchecked();
  return useMutation({
    mutationFn: (keys: Record<string, unknown>) => api.changeProject(id, keys),
    onSuccess: (project) => {
      sayUnchecked(project);
      // The sources a connection can see do not depend on this, but they say which projects use them.
      return client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.comments[0] });
    },
  });
}
