import { useEffect, useRef } from "react";
import { useLive } from "../live/live-store.ts";

/** Backoff for retries while the stream is up: starts here and doubles up to `slowestRetryMs`. */
const retryMs = 3000;
const slowestRetryMs = 60_000;

export type RetryWhenBackProps = {
  readonly retry: () => void;
  /** The number of retries so far. */
  readonly retries: number;
};

/** Retries as soon as the server responds. */
export function RetryWhenBack({ retry, retries }: RetryWhenBackProps) {
  const connection = useLive("connection");
  const before = useRef(connection);
  useEffect(() => {
    const isBack = connection === "open" && before.current !== "open";
    before.current = connection;
    if (isBack) retry();
    // A lost stream triggers the retry when it returns.
    if (isBack || connection === "lost") return undefined;
    const timer = setTimeout(retry, Math.min(retryMs * 2 ** retries, slowestRetryMs));
    return () => clearTimeout(timer);
  }, [connection, retry, retries]);
  return null;
}
