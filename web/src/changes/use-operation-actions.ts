import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { issueQuery, outboxQuery, queryKeys } from "../api/queries.ts";
import { draftOf, keepDiscarded, takeDiscarded } from "../create/discarded-draft.ts";
import { useDialogs } from "../shell/dialog-control.ts";
import { useChanges, useNoticeStore } from "./changes-provider.tsx";

type Act = () => Promise<unknown>;

/** The user's actions on an outbox operation; failures are shown as notices. */
export function useOperationActions() {
  const client = useQueryClient();
  const { say } = useChanges();
  const notices = useNoticeStore();
  const { open } = useDialogs();
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
  /** Dropping a new issue deletes all that was typed for it, so that becomes a discarded draft. */
  const drop = async (id: number) => {
    // The card may be there before the outbox.
    const operation = (await client.fetchQuery({ ...outboxQuery, staleTime: 0 })).find((one) => one.id === id);
    const isNew = operation?.kind === "create" && operation.status !== null;
    const issue = isNew ? await client.fetchQuery(issueQuery(operation.address)) : null;
    await api.dropOperation(id);
    if (issue === null) return;
    keepDiscarded(draftOf(issue));
    notices.say(`${issue.ref} dropped`, () => {
      takeDiscarded();
      open({ kind: "create" });
    });
  };
  return {
    busy: isPending,
    retry: (id: number, more: { transition?: string; fields?: Record<string, unknown> } = {}) =>
      mutate(() => api.retryOperation(id, more)),
    drop: (id: number) => mutate(() => drop(id)),
    closeTwins: (id: number) => mutate(() => api.closeTwins(id)),
    resolve: (id: number, choices: Readonly<Record<string, "mine" | "theirs">>, done?: () => void) =>
      mutate(() => api.resolveOperation(id, choices), { onSuccess: () => done?.() }),
  };
}
