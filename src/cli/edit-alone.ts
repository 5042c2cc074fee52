import { makeDataDirectory } from "../config/data-directory.ts";
import { acquireLock, type Lock } from "../store/lock.ts";
import type { Context } from "./context.ts";
import { openWithLock } from "./server/open-with-lock.ts";

/** Edits the configuration files under a lock, because each edit reads and writes a whole file. Throws `busy` if another command holds it for too long. */
export async function editAlone<T>(context: Pick<Context, "out" | "paths">, edit: () => T | Promise<T>): Promise<T> {
  const { home, editLockFile } = context.paths;
  makeDataDirectory(home);
  const here = () => acquireLock({ databaseUrl: null, file: editLockFile });
  const lock = await openWithLock<never, Lock>(context, () => Promise.resolve(null), here);
  try {
    return await edit();
  } finally {
    await lock.release();
  }
}
