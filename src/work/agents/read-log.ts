import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isNotThere } from "../../domain/file-error.ts";
import { readPart } from "../workspaces/step-log.ts";

/** A part of what an agent wrote. Offsets count from the first byte it ever wrote, whatever is still kept of that. */
export type LogPart = {
  readonly text: Buffer;
  /** Where the text begins: later than what was asked for where that is no longer kept. */
  readonly start: number;
  /** Where to go on. */
  readonly end: number;
};

type Former = { readonly file: string; readonly start: number };

/** Lets an agent's log begin anew; the one before is kept under a name that says where it begins, the one before that is not. */
export function turnLog(log: string): void {
  const formers = findFormers(log);
  renameSync(log, `${log}.${endOf(formers.at(-1))}`);
  for (const { file } of formers) rmSync(file, { force: true });
}

/** What an agent wrote, from an offset (negative: from the end), over its log and the one before. */
export function readLog(log: string, from: number): LogPart {
  const former = findFormers(log).at(-1);
  const base = endOf(former);
  const oldest = former?.start ?? 0;
  const start = Math.max(oldest, from < 0 ? base + sizeOf(log) + from : from);
  if (former !== undefined && start < base) return partOf(former.file, former.start, start);
  return partOf(log, base, start);
}

function partOf(file: string, base: number, from: number): LogPart {
  const { text, end } = readPart(file, from - base);
  const whole = wholeCharacters(text);
  const start = base + end - text.length;
  return { text: whole, start, end: start + whole.length };
}

/** Without a character at its end whose last bytes are still to come. */
function wholeCharacters(text: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, text.length); back += 1) {
    const byte = text[text.length - back] ?? 0;
    if (byte < 0x80) return text;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? text.subarray(0, text.length - back) : text;
  }
  return text;
}

/** The logs that were begun before the present one, the oldest first: one, and for a moment two. */
function findFormers(log: string): readonly Former[] {
  const prefix = `${basename(log)}.`;
  return filesBeside(log)
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => ({ file: join(dirname(log), name), start: Number(name.slice(prefix.length)) }))
    .toSorted((a, b) => a.start - b.start);
}

function filesBeside(log: string): readonly string[] {
  try {
    return readdirSync(dirname(log));
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

const endOf = (former: Former | undefined) => (former === undefined ? 0 : former.start + sizeOf(former.file));

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
