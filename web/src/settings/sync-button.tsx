import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { useSyncNow } from "../shell/use-sync-now.ts";
import { Icon } from "../ui/icon.tsx";
import { formatNumberOf } from "../ui/time.ts";
import { hasCredentials } from "./credential-values.ts";

/** Syncs one connection now and shows the result. */
export function SyncButton({ tracker }: { readonly tracker: TrackerShape }) {
  const sync = useSyncNow();
  const result = sync.data?.[0];
  const failed =
    result?.failures[0]?.problem.detail ?? (sync.error === null ? undefined : toApiError(sync.error).message);
  const words =
    failed ??
    (result &&
      `${formatNumberOf(result.changed, "change")}, ${result.removed} removed, ${formatNumberOf(result.requests, "request")}`);
  const obstacle = !hasCredentials(tracker)
    ? "Not connected"
    : tracker.sources.length === 0
      ? `No ${tracker.sourceNoun.one} chosen yet`
      : undefined;
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      disabled={sync.isPending || obstacle !== undefined}
      title={words ?? obstacle}
      onClick={() => sync.mutate([tracker.connection])}
    >
      <Icon name="sync" className={sync.isPending ? "spinning" : undefined} />
      {sync.isPending ? "Syncing…" : "Sync now"}
      {words !== undefined && !sync.isPending && <output className="sr-only">{words}</output>}
    </button>
  );
}
