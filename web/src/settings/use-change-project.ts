import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";
import { useSayUnchecked } from "./use-say-unchecked.ts";

/** Writes keys of one project into projects.yaml; what is shown of it everywhere follows. */
export function useChangeProject(id: string) {
  const client = useQueryClient();
  const sayUnchecked = useSayUnchecked();
  return useMutation({
    mutationFn: (keys: Record<string, unknown>) => api.changeProject(id, keys),
    onSuccess: (project) => {
      sayUnchecked(project);
      // What the credentials can see does not depend on what is chosen of it, but says where it is chosen.
      return client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.comments[0] });
    },
  });
}
