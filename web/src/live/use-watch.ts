import { useEffect, useState } from "react";
import { afterPaint } from "../api/after-paint.ts";
import { api } from "../api/endpoints.ts";
import { useLive } from "./live-store.ts";

/** Tells the server what this page shows while it is visible, so that it is synced sooner. `issue`: null for none, undefined if that is not known yet. */
export function useWatch(board: boolean, issue: string | null | undefined): void {
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
}
