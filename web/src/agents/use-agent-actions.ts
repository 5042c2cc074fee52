import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toApiError } from "../api/client.ts";
import { workApi } from "../api/work-endpoints.ts";
import { workKeys } from "../api/work-queries.ts";
import { useNoticeStore } from "../changes/changes-provider.tsx";

/** What can be done to one agent; what is refused is told at the bottom of the page. */
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
      mutationFn: (text: string) => workApi.message(id, text),
      // The next one waits for the answer: they arrive in the order in which they were written.
      scope: { id: `message ${id}` },
      ...say(`Couldn’t send the message to ${name}`),
      // What follows waits for the answer alone.
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
