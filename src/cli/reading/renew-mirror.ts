import { readDatabaseUrl } from "../../config/database-url.ts";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import { acquireLock } from "../../store/lock.ts";
import { openStore } from "../../store/open-store.ts";
import { createFindRefs } from "../../trackers/find-refs.ts";
import { trackers } from "../../trackers/registry.ts";
import type { Context } from "../context.ts";
import { noteOlderMirror } from "../printing/note-older-mirror.ts";

/**
 * Brings a mirror that an earlier version wrote up to date, for a command that only wants to read it: under the lock, and asking no tracker. Throws `busy` where another
 * process has the lock; what else keeps the mirror as it is (a folder that may only be read, a full disk) is said with that it is an earlier version's.
 */
export async function renewMirror({ paths, env, out, clock }: Context): Promise<void> {
  try {
    const databaseUrl = await readDatabaseUrl(paths, env);
    const lock = await acquireLock({ databaseUrl, file: paths.lockFile });
    try {
      const store = await openStore({
        databaseUrl,
        file: paths.databaseFile,
        clock,
        findRefs: createFindRefs(trackers),
        onOlder: () => noteOlderMirror(out),
      });
      await store.close();
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (!isPanopticonError(error) || error.code === "busy") throw error;
    throw new PanopticonError(
      error.code,
      `The mirror was written by an earlier version of Panopticon and cannot be upgraded: ${error.message}`,
      { hint: error.hint, cause: error },
    );
  }
}
