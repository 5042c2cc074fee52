import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readOptional } from "../read-optional.ts";

/** Puts a script that only its user can run where others start it. A shell reads a script while it runs, so one that stands is never written over: another takes its place. */
export function placeScript(file: string, text: string): void {
  if (readOptional(file) === text) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const neighbour = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  writeFileSync(neighbour, text, { mode: 0o700 });
  renameSync(neighbour, file);
}
