import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { BulkResultShape } from "../../../src/server/contract/change.ts";
import type { KeptSendInput } from "../../../src/server/contract/shadow.ts";
import { type ApiError, toApiError, toProblemError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";
import { useChanges, useNoticeStore } from "../changes/changes-provider.tsx";
import { formatNumberOf } from "../ui/time.ts";

type Act = "send" | "drop";

/** Sends and drops moves that stayed here. Resolves with whether all of them went; why the others did not is in `failures`, by address. */
export function useKeptActions() {
  const client = useQueryClient();
  const { say } = useChanges();
  const notices = useNoticeStore();
  const [failures, setFailures] = useState<ReadonlyMap<string, ApiError>>(new Map());
  const refresh = () =>
    Promise.all(
      [queryKeys.kept, queryKeys.outbox, queryKeys.boards, queryKeys.issues, queryKeys.trackers].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  const { mutateAsync, isPending } = useMutation({
    mutationFn: ({ act, input, step }: { act: Act; input: KeptSendInput; step: string }): Promise<BulkResultShape> =>
      act === "send" ? api.sendKept(input, step) : api.dropKept(input, step),
    onSettled: refresh,
  });

  const undo = (step: string) => {
    api
      .undo(step, crypto.randomUUID())
      .catch((error: unknown) => say(toApiError(error).message))
      .finally(() => void refresh());
  };

  const settle = async (act: Act, input: KeptSendInput): Promise<boolean> => {
    const step = crypto.randomUUID();
    try {
      const { results } = await mutateAsync({ act, input, step });
      const failed = results.flatMap(({ ref, problem }) =>
        problem === null ? [] : [[ref, toProblemError(problem)] as const],
      );
      setFailures(new Map(failed));
      const done = results.length - failed.length;
      const words = `${formatNumberOf(done, "move")} ${act === "send" ? "on the way to the tracker" : "dropped"}`;
      if (done > 0) notices.say(words, () => undo(step));
      return failed.length === 0;
    } catch (error) {
      say(toApiError(error).message);
      return false;
    }
  };

  return {
    busy: isPending,
    failures,
    send: (input: KeptSendInput) => settle("send", input),
    drop: (input: Pick<KeptSendInput, "refs" | "project">) => settle("drop", input),
  };
}

export type KeptActions = ReturnType<typeof useKeptActions>;
