import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { isNotThere } from "../../domain/file-error.ts";

/** The output of a workspace's steps, stored in a file. */
export type StepLog = {
  write(chunk: Buffer | string): void;
  /** The text from an offset on, and its end. */
  read(from: number, most?: number): { readonly text: Buffer; readonly end: number };
  /** The current end. */
  end(): number;
  remove(): void;
};

/** The log of a workspace's steps, in Panopticon's own folder: it exists before the workspace, and stays if that is broken. */
export function stepLog(home: string, workspaceId: number): StepLog {
  const file = join(home, "work", "workspaces", `${workspaceId}.log`);
  return {
    write(chunk) {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      appendFileSync(file, chunk, { mode: 0o600 });
    },
    read: (from, most) => readPart(file, from, most),
    end: () => statSync(file, { throwIfNoEntry: false })?.size ?? 0,
    remove: () => rmSync(file, { force: true }),
  };
}

const defaultMost = 1024 * 1024;

/** A part of a file; empty if it does not exist. A negative `from` counts from the end. */
export function readPart(
  file: string,
  from: number,
  most = defaultMost,
): { readonly text: Buffer; readonly end: number } {
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch (error) {
    if (isNotThere(error)) return { text: Buffer.alloc(0), end: 0 };
    throw error;
  }
  try {
    const { size } = fstatSync(handle);
    const start = from < 0 ? Math.max(0, size + from) : Math.min(from, size);
    const text = Buffer.alloc(Math.min(most, size - start));
    const read = readSync(handle, text, 0, text.length, start);
    return { text: text.subarray(0, read), end: start + read };
  } finally {
    closeSync(handle);
  }
}
