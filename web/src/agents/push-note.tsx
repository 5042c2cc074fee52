import { useMutation } from "@tanstack/react-query";
import type { WorkspaceShape } from "../../../src/server/contract/work.ts";
import { toApiError } from "../api/client.ts";
import { workApi } from "../api/work-endpoints.ts";
import { useNoticeStore } from "../changes/changes-provider.tsx";
import { Icon } from "../ui/icon.tsx";
import { formatAge } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { StepsLog } from "./steps-log.tsx";

/** The push of a workspace's branch that is under way, with its output and a button to end it. Renders nothing if there is none. */
export function PushNote({ workspace }: { readonly workspace: WorkspaceShape }) {
  const now = useNow();
  const notices = useNoticeStore();
  const { id, branch, pushing } = workspace;
  const stop = useMutation({
    mutationFn: () => workApi.stopPush(id),
    onError: (error: unknown) => notices.fail("Couldn’t stop the push", toApiError(error)),
  });
  if (pushing === null) return null;
  return (
    <div className="workspace-steps">
      <p className="workspace-note">
        <Icon name="spin" size={14} className="spinning text-run" />
        <span>
          <output>
            Pushing <bdi>{branch}</bdi>…
          </output>{" "}
          <span className="text-ink-3">for {formatAge(pushing.since, now)}, with the hooks of the repository</span>
        </span>
        <button
          type="button"
          className="button"
          data-size="small"
          disabled={stop.isPending || stop.isSuccess}
          onClick={() => stop.mutate()}
        >
          {stop.isPending || stop.isSuccess ? "Stopping…" : "Stop push"}
        </button>
      </p>
      <StepsLog workspace={id} live start={pushing.logFrom} />
    </div>
  );
}
