import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isNotThere } from "../../domain/file-error.ts";
import { readPart } from "../workspaces/step-log.ts";

/** A part of an agent's output. Offsets count from the first byte it ever wrote, whether or not that is still kept. */
export type LogPart = {
  readonly text: Buffer;
  /** The start of the text: later than requested if the beginning is no longer kept. */
  readonly start: number;
  /** Where to continue. */
  readonly end: number;
};

type Former = { readonly file: string; readonly start: number };

/** Rotates an agent's log: the previous log is kept under a name that contains its offset, older ones are deleted. */
export function turnLog(log: string): void {
  const formers = findFormers(log);
  renameSync(log, `${log}.${endOf(formers.at(-1))}`);
  for (const { file } of formers) rmSync(file, { force: true });
}

/** An agent's output from an offset (negative: from the end), across its log and the previous one. */
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

/** Drops an incomplete UTF-8 character at the end. */
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

/** The rotated logs, oldest first: one, and for a moment two. */
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
