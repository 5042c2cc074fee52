import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { isNotThere } from "../domain/file-error.ts";

/**
 * Writes a file so that it is seen whole or not at all, also after a crash: a neighbour is written, flushed and renamed.
 * An existing file keeps its mode, unless `enforce` is set, and a symbolic link stays one. `mode` is for a new file. Throws the system's error.
 */
export function writeFileAtomically(path: string, text: string, mode = 0o644, { enforce = false } = {}): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const { target, mode: present } = existing(path);
  const kept = enforce ? null : present;
  const neighbour = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    const file = openSync(neighbour, "wx", kept ?? mode);
    try {
      // All of it, also where the system takes it in parts.
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (kept !== null) chmodSync(neighbour, kept);
    renameSync(neighbour, target);
  } catch (error) {
    rmSync(neighbour, { force: true });
    throw error;
  }
}

function existing(path: string): { target: string; mode: number | null } {
  try {
    const target = realpathSync(path);
    return { target, mode: statSync(target).mode & 0o777 };
  } catch (error) {
    if (isNotThere(error)) return { target: path, mode: null };
    throw error;
  }
}
