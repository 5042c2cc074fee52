import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const inMemory = "/dev/shm";
const roomNeeded = 2 * 1024 ** 3;

/**
 * A folder for what the tests of one run write: in memory where the system has room there, since hundreds of little databases that wait for a disk take minutes,
 * and the folder for temporary files elsewhere. It is removed when this process ends.
 */
export function openTestFolder(): string {
  // Short, because a socket's path has 107 bytes.
  const folder = inMemoryFolder() ?? mkdtempSync(join(tmpdir(), "pan-"));
  // PostgreSQL's server runs as another user than root, in a folder below this one.
  chmodSync(folder, 0o711);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** null where there is no such place, where it is small, or where programs may not lie in it, as in most containers. */
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
