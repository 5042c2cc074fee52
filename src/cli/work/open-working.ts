import type { Context } from "../context.ts";
import { openWithLock } from "../server/open-with-lock.ts";
import type { Working } from "./working.ts";

/**
 * Opens what the commands of workspaces and agents ask. Errors are those of `openWithLock`. `requests`: pull and merge requests are looked for or opened, which lie on
 * servers that no source may be on.
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
