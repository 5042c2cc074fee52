import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { useChangeStore } from "../changes/local-changes.tsx";
import { followServer } from "./follow-server.ts";
import { createLiveStore, LiveContext } from "./live-store.ts";

/** Follows the server's events and keeps the page's data up to date. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const changes = useChangeStore();
  const [store] = useState(createLiveStore);
  useEffect(() => followServer(client, store, changes), [client, store, changes]);
  return <LiveContext value={store}>{children}</LiveContext>;
}
