import { useEffect, useRef } from "react";
import { useLive } from "../live/live-store.ts";

/** What did not come although the stream stands is asked for again after this, and after twice as long every further time, in milliseconds. */
const retryMs = 3000;
const slowestRetryMs = 60_000;

export type RetryWhenBackProps = {
  readonly retry: () => void;
  /** How often it was tried again already. */
  readonly retries: number;
};

/** Tries again as soon as the server answers. */
export function RetryWhenBack({ retry, retries }: RetryWhenBackProps) {
  const connection = useLive("connection");
  const before = useRef(connection);
  useEffect(() => {
    const isBack = connection === "open" && before.current !== "open";
    before.current = connection;
    if (isBack) retry();
    // A stream that is lost tells when it is back.
    if (isBack || connection === "lost") return undefined;
    const timer = setTimeout(retry, Math.min(retryMs * 2 ** retries, slowestRetryMs));
    return () => clearTimeout(timer);
  }, [connection, retry, retries]);
  return null;
}
