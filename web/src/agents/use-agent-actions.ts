import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toApiError } from "../api/client.ts";
import type { MessageInput } from "../../../src/server/contract/work.ts";
import { workApi } from "../api/work-endpoints.ts";
import { workKeys } from "../api/work-queries.ts";
import { useNoticeStore } from "../changes/changes-provider.tsx";

/** The actions on one agent; failures are shown as notices. */
export function useAgentActions(id: string, name: string) {
  const client = useQueryClient();
  const notices = useNoticeStore();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: workKeys.agents }),
      client.invalidateQueries({ queryKey: workKeys.workspaces }),
    ]);
  const say = (what: string) => ({
    onError: (error: unknown) => notices.fail(what, toApiError(error)),
    onSettled: refresh,
  });
  return {
    message: useMutation({
      mutationFn: (message: MessageInput) => workApi.message(id, message),
      // Same scope: messages are sent one at a time, so they arrive in the order written.
      scope: { id: `message ${id}` },
      ...say(`Couldn’t send the message to ${name}`),
      // Not awaited: the next message waits for the response only, not for the refetch.
      onSettled: () => void refresh(),
    }),
    stop: useMutation({ mutationFn: () => workApi.stop(id), ...say(`Couldn’t stop ${name}`) }),
    resume: useMutation({
      mutationFn: (prompt: string) => workApi.resume(id, prompt),
      ...say(`Couldn’t resume ${name}`),
    }),
  };
}

/** Opens the pull or merge request of a workspace's branch. */
export function useOpenRequest(workspace: string | null) {
  const client = useQueryClient();
  const notices = useNoticeStore();
  return useMutation({
    mutationFn: () => workApi.openRequest(workspace ?? ""),
    onError: (error: unknown) => notices.fail("Couldn’t open the request", toApiError(error)),
    onSettled: () => client.invalidateQueries({ queryKey: workKeys.workspaces }),
  });
}

/** Creates the workspace of an issue again, on its branch, or continues its creation. */
export function useRecreate(ref: string) {
  const client = useQueryClient();
  const notices = useNoticeStore();
  return useMutation({
    mutationFn: () => workApi.createWorkspace(ref),
    onError: (error: unknown) => notices.fail(`Couldn’t recreate the workspace of ${ref}`, toApiError(error)),
    onSettled: () => client.invalidateQueries({ queryKey: workKeys.workspaces }),
  });
}
