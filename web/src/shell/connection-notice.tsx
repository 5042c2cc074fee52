import { useQueryClient } from "@tanstack/react-query";
import { useLive } from "../live/live-store.ts";
import { Icon } from "../ui/icon.tsx";
import { useNow } from "../ui/use-now.ts";
import { formatClock } from "../ui/time.ts";
import { ReloadButton } from "./page-boundary.tsx";

/** Ignore interruptions shorter than this: a restart, a laptop waking up. */
const patienceMs = 1500;

/** Says that the server is unreachable, since when, and what happens next; or that it is newer than this page. */
export function ConnectionNotice() {
  const client = useQueryClient();
  const lostAt = useLive("lostAt");
  const outdated = useLive("outdated");
  const now = useNow();
  if (lostAt === null && outdated) {
    return (
      <output className="notice">
        <Icon name="info" />
        <span className="min-w-0 flex-1">
          <b className="font-semibold">Panopticon was updated.</b> Reload to use the new version. Your drafts are kept.
        </span>
        <ReloadButton className="button" small />
      </output>
    );
  }
  if (lostAt === null || now - lostAt < patienceMs) return null;
  return (
    <output className="notice">
      <Icon name="wifi-off" />
      <span className="min-w-0 flex-1">
        <b className="font-semibold">Offline since {formatClock(lostAt)}.</b> You see the copy from then. The Panopticon
        server isn’t responding: start it with <code>pan up</code>, and this page reconnects.
      </span>
      <button
        type="button"
        className="button"
        data-size="small"
        onClick={() => {
          client.invalidateQueries().catch(() => undefined);
        }}
      >
        Try now
      </button>
    </output>
  );
}
