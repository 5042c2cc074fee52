import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";
import { useChanges } from "./changes-provider.tsx";

type Act = () => Promise<unknown>;

/** The user's actions on an outbox operation; failures are shown as notices. */
export function useOperationActions() {
  const client = useQueryClient();
  const { say } = useChanges();
  const { mutate, isPending } = useMutation({
    mutationFn: (act: Act) => act(),
    onError: (error) => say(toApiError(error).message),
    onSettled: () =>
      Promise.all(
        [queryKeys.outbox, queryKeys.boards, queryKeys.issues].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
  return {
    busy: isPending,
    retry: (id: number, more: { transition?: string; fields?: Record<string, unknown> } = {}) =>
      mutate(() => api.retryOperation(id, more)),
    drop: (id: number) => mutate(() => api.dropOperation(id)),
    closeTwins: (id: number) => mutate(() => api.closeTwins(id)),
    resolve: (id: number, choices: Readonly<Record<string, "mine" | "theirs">>, done?: () => void) =>
      mutate(() => api.resolveOperation(id, choices), { onSuccess: () => done?.() }),
  };
}
