import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { afterPaint } from "../api/after-paint.ts";
import { api } from "../api/endpoints.ts";
import { issueQuery } from "../api/queries.ts";
import { useLive } from "./live-store.ts";

/**
 * Tells the server what this page shows while it is visible, so that it is synced sooner. `issueRef`: null for none. A component of its own, so that an issue
 * that has just loaded is painted before anything else is rendered.
 */
export function Watch({ board, issueRef }: { readonly board: boolean; readonly issueRef: string | null }): null {
  // Only an issue that is there can be watched; before that is known, nothing is said.
  const status = useReadStatus(issueRef);
  const issue = issueRef === null || status === "error" ? null : status === "success" ? issueRef : undefined;
  const connection = useLive("connection");
  const [client] = useState(() => crypto.randomUUID());
  useEffect(() => {
    if (connection !== "open" || issue === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let said = "";
    let ended = false;
    const say = () => {
      clearTimeout(timer);
      const visible = document.visibilityState === "visible";
      const seen = { client, board: visible && board, issue: visible ? issue : null };
      const words = JSON.stringify(seen);
      if (!visible && words === said) return;
      said = words;
      api.watch(seen).then(
        ({ leaseMs }) => {
          if (visible) timer = setTimeout(say, leaseMs * 0.7);
        },
        // Only a hint: without it, the issue is synced at the normal pace.
        () => undefined,
      );
    };
    // The request for the opened issue goes first.
    afterPaint(() => {
      if (!ended) say();
    });
    document.addEventListener("visibilitychange", say);
    return () => {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", say);
    };
  }, [client, board, issue, connection]);
  return null;
}

/** Whether an issue has been read by whatever shows it. Not `useQuery`: one more of its observers delays the panel's first paint by half. */
function useReadStatus(issueRef: string | null): "success" | "error" | "pending" {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback((onChange: () => void) => cache.subscribe(onChange), [cache]);
  return useSyncExternalStore(subscribe, () => {
    const { queryKey } = issueQuery(issueRef ?? "");
    return cache.find({ queryKey })?.state.status ?? "pending";
  });
}
