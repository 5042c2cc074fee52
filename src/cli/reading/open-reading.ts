import type { Context } from "../context.ts";
import type { Reading } from "./reading.ts";
import { findServer, type ServerClient } from "../server/server-client.ts";
import { createServerReading } from "./server-reading.ts";

/** `beside`: of the mirror, though a server may run. */
export type ReadingOptions = { readonly sync: boolean; readonly beside?: boolean };

/** Opens what answers fastest and truest: the running server, else the mirror. With `sync` the trackers are asked first. */
export async function openReading(context: Context, { sync, beside }: ReadingOptions): Promise<Reading> {
  const client = beside === true ? null : await findServer(context.paths.serverFile);
  if (client !== null) return serverReading(context, client, sync);
  // Where a server answers, the store need not be loaded.
  const { openMirrorReading, syncedReading } = await import("./mirror-reading.ts");
  if (!sync) return openMirrorReading(context);
  const through = async () => {
    const late = await findServer(context.paths.serverFile);
    return late === null ? null : serverReading(context, late, sync);
  };
  return (await import("../server/open-with-lock.ts")).openWithLock(context, through, () => syncedReading(context));
}

async function serverReading(context: Context, client: ServerClient, sync: boolean): Promise<Reading> {
  if (sync) await (await import("../sync-now.ts")).syncThroughServer(context, client, {});
  return createServerReading(client);
}
