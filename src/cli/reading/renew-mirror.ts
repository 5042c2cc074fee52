import { readDatabaseUrl } from "../../config/database-url.ts";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import { acquireLock } from "../../store/lock.ts";
import { openStore } from "../../store/open-store.ts";
import { createFindRefs } from "../../trackers/find-refs.ts";
import { trackers } from "../../trackers/registry.ts";
import type { Context } from "../context.ts";
import { noteOlderMirror } from "../printing/note-older-mirror.ts";

/**
 * Upgrades an earlier version's mirror for a command that only reads: under the lock, without contacting trackers. Throws `busy` if another process holds the
 * lock; other obstacles (a read-only folder, a full disk) are reported with the fact that the mirror is an earlier version's.
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
