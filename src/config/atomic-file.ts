import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { dirname, resolve } from "node:path";
import { isNotThere } from "../domain/file-error.ts";

/**
 * Writes a file atomically, also across a crash: writes a temporary file next to it, flushes it and renames it. Creates the folder. An existing file keeps its
 * mode, unless `enforce` is set, and a symlink stays one. `mode` is for a new file. Throws the system's error.
 */
export function writeFileAtomically(path: string, text: string, mode = 0o644, { enforce = false } = {}): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const neighbour = openNeighbour(path, mode, enforce);
  try {
    neighbour.write(text);
    neighbour.takePlace();
  } catch (error) {
    neighbour.remove();
    throw error;
  }
}

/** The same for content written in pieces with `put`, in an existing folder: the file is replaced once `work` is done, and stays unchanged if that fails. */
export async function writePiecesAtomically<Result>(
  path: string,
  mode: number,
  work: (put: (piece: string) => void) => Promise<Result>,
): Promise<Result> {
  const neighbour = openNeighbour(path, mode, false);
  try {
    const result = await work(neighbour.write);
    neighbour.takePlace();
    return result;
  } catch (error) {
    neighbour.remove();
    throw error;
  }
}

function openNeighbour(path: string, mode: number, enforce: boolean) {
  const { target, mode: present } = existing(path);
  const kept = enforce ? null : present;
  const neighbour = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  let file: number | null = openSync(neighbour, "wx", kept ?? mode);
  const close = () => {
    if (file !== null) closeSync(file);
    file = null;
  };
  return {
    write(piece: string): void {
      // Writes everything, even if the system accepts only parts at a time.
      if (file !== null) writeFileSync(file, piece);
    },
    takePlace(): void {
      if (file !== null) fsyncSync(file);
      close();
      if (kept !== null) chmodSync(neighbour, kept);
      renameSync(neighbour, target);
    },
    remove(): void {
      close();
      rmSync(neighbour, { force: true });
    },
  };
}

/** The file that a path leads to through symlinks, even if it does not exist yet. */
function existing(path: string): { target: string; mode: number | null } {
  try {
    const target = realpathSync(path);
    return { target, mode: statSync(target).mode & 0o777 };
  } catch (error) {
    if (!isNotThere(error)) throw error;
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return isLink ? existing(resolve(realpathSync(dirname(path)), readlinkSync(path))) : { target: path, mode: null };
  }
}
