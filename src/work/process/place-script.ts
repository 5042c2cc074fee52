import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readOptional } from "../read-optional.ts";

/** Writes a script that only its user can execute. A shell reads a script while running it, so an existing one is replaced, never overwritten. */
export function placeScript(file: string, text: string): void {
  if (readOptional(file) === text) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const neighbour = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  writeFileSync(neighbour, text, { mode: 0o700 });
  renameSync(neighbour, file);
}
