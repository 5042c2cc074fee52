import type { Context } from "../context.ts";
import { openWithLock } from "../server/open-with-lock.ts";
import type { Working } from "./working.ts";

/**
 * Opens the operations behind the workspace and agent commands. Throws as `openWithLock` does. `requests`: pull or merge requests are needed, which may be on
 * servers that have no source.
 */
export async function openWorking(context: Context, { requests = false } = {}): Promise<Working> {
  const { findServer } = await import("../server/server-client.ts");
  const through = async () => {
    const client = await findServer(context.paths.serverFile, "cli");
    return client === null ? null : (await import("./server-working.ts")).createServerWorking(client);
  };
  return openWithLock(context, through, async () =>
    (await import("./local-working.ts")).openLocalWorking(context, requests ? "all" : "used"),
  );
}
