import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLive } from "../live/live-store.ts";
import { Icon } from "../ui/icon.tsx";
import { formatClock } from "../ui/time.ts";

/** A break shorter than this is not worth a word: a restart, a laptop that wakes up. */
const patienceMs = 1500;

/** Says that the server is silent, since when, and what happens next. */
export function ConnectionNotice() {
  const client = useQueryClient();
  const lostAt = useLive("lostAt");
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (lostAt === null) {
      setShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, [lostAt]);
  if (!shown || lostAt === null) return null;
  return (
    <div className="notice" role="status">
      <Icon name="wifi-off" />
      <p className="min-w-0 flex-1">
        <b className="font-semibold">The Panopticon server has not answered since {formatClock(lostAt)}.</b> You see the
        copy from then. This page goes on by itself once the server is back; <code>pan up</code> starts it.
      </p>
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
    </div>
  );
}
