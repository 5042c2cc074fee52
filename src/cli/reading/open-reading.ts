import type { Context } from "../context.ts";
import { OlderMirrorError } from "../../store/schema/older-mirror.ts";
import type { Reading } from "./reading.ts";
import { findServer, type ServerClient } from "../server/server-client.ts";
import { findSilentServer } from "../server/silent-server.ts";
import { createServerReading } from "./server-reading.ts";

export type ReadingOptions = {
  readonly sync: boolean;
  /** Read the mirror even if a server runs. */
  readonly beside?: boolean;
  /** Write nothing and wait for nothing: throw `OlderMirrorError` instead of upgrading an earlier version's mirror. */
  readonly onlyLook?: boolean;
};

/**
 * Opens the fastest up-to-date source: the running server, otherwise the mirror. With `sync`, syncs with the trackers first. An earlier version's mirror is
 * upgraded, which is reported on standard error.
 */
export async function openReading(
  context: Context,
  { sync, beside = false, onlyLook = beside }: ReadingOptions,
): Promise<Reading> {
  const client = beside ? null : await findServer(context.paths.serverFile);
  if (client !== null) return serverReading(context, client, sync);
  // Lazy, because the store is not needed if a server responds.
  const { openMirrorReading, syncedReading } = await import("./mirror-reading.ts");
  const read = async (): Promise<Reading> => {
    const [reading, silent] = await Promise.all([openMirrorReading(context), findSilentServer(context.paths)]);
    if (silent === null || reading.mirrorAge === null) return reading;
    return { ...reading, mirrorAge: { ...reading.mirrorAge, silent } };
  };
  if (!sync) {
    try {
      return await read();
    } catch (error) {
      if (onlyLook || !(error instanceof OlderMirrorError)) throw error;
    }
  }
  const through = async () => {
    const late = await findServer(context.paths.serverFile);
    return late === null ? null : serverReading(context, late, sync);
  };
  const here = async () => {
    if (sync) return syncedReading(context);
    await (await import("./renew-mirror.ts")).renewMirror(context);
    return read();
  };
  return (await import("../server/open-with-lock.ts")).openWithLock(context, through, here);
}

async function serverReading(context: Context, client: ServerClient, sync: boolean): Promise<Reading> {
  if (sync) await (await import("../sync-now.ts")).syncThroughServer(context, client, {});
  return createServerReading(client);
}
