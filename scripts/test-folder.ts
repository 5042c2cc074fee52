import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const inMemory = "/dev/shm";
const roomNeeded = 2 * 1024 ** 3;

/**
 * A folder for the files that a run's tests write: in memory if there is room, because hundreds of small databases on disk take minutes, otherwise in the
 * temporary folder. Removed when this process ends.
 */
export function openTestFolder(): string {
  // Short, because socket paths are limited to 107 bytes.
  const folder = inMemoryFolder() ?? mkdtempSync(join(tmpdir(), "pan-"));
  // PostgreSQL's server runs as a user other than root, in a sub-folder.
  chmodSync(folder, 0o711);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** null if there is no such place, it is small, or programs cannot be executed there, as in most containers. */
function inMemoryFolder(): string | null {
  let folder: string;
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    if (bavail * bsize < roomNeeded) return null;
    folder = mkdtempSync(join(inMemory, "pan-"));
  } catch {
    return null;
  }
  const program = join(folder, "runs");
  writeFileSync(program, "#!/bin/sh\n", { mode: 0o700 });
  const { status } = spawnSync(program);
  rmSync(program);
  if (status === 0) return folder;
  rmSync(folder, { recursive: true });
  return null;
}
