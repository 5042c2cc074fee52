import { statSync } from "node:fs";
import { readPart } from "../workspaces/step-log.ts";

/** What an agent's log was renamed to when it began anew. */
export function formerLog(log: string): string {
  return `${log}.1`;
}

/**
 * What an agent wrote, from an offset (negative: from the end), and where to go on. Whoever follows a log that began anew gets the rest of the former one first, and
 * then goes on from 0.
 */
export function readLog(log: string, from: number): { readonly text: Buffer; readonly end: number } {
  const part = readPart(log, from);
  if (from <= part.end) return part;
  const rest = readPart(formerLog(log), from);
  const size = statSync(formerLog(log), { throwIfNoEntry: false })?.size ?? 0;
  return rest.end < size ? rest : { text: rest.text, end: 0 };
}
