import { closeSync, openSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { writePiecesAtomically } from "../../config/atomic-file.ts";
import { fileErrorCode } from "../../domain/file-error.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { count } from "../printing/describe-time.ts";
import { formatNames, formats, type FormatName } from "../export/formats.ts";
import { addFilterFlags, type FilterOptions, readFilterFlags } from "../options/filter-flags.ts";
import { nonEmpty } from "../options/options.ts";
import { openReading } from "../reading/open-reading.ts";
import { noteMirrorAge, noteUnknownWords, noteUnsearchable } from "../reading/reading-notes.ts";
import type { Reading } from "../reading/reading.ts";

type Options = FilterOptions & { readonly format: FormatName; readonly output?: string; readonly sync?: boolean };

/** Page size: the API's maximum. */
const windowSize = 1000;

export function define(command: Command, context: Context): void {
  command.argument("[text...]", "full text to search for");
  addFilterFlags(command)
    .addOption(new Option("--format <format>", "output format").choices([...formatNames]).default("json"))
    .option("--output <file>", "write to a file instead of standard output, completely or not at all", nonEmpty)
    .option("--sync", "sync with the trackers first")
    .action(async (text: string[], options: Options) => exportIssues(context, text, options));
}

async function exportIssues(context: Context, text: readonly string[], options: Options): Promise<void> {
  const { out } = context;
  const written = readFilterFlags(options, text);
  // By creation time, so that no change moves an issue to another page meanwhile.
  const isSorted = written.some(([name]) => name === "sort");
  const query = isSorted ? written : [...written, ["sort", "created"] as const];
  const reading = await openReading(context, { sync: options.sync ?? false });
  try {
    const total =
      options.output === undefined
        ? await write(reading, query, options.format, (piece) => out.piece(piece))
        : await writeTo(resolve(context.cwd, options.output), (put) => write(reading, query, options.format, put));
    out.note(total === 0 ? "No matching issues." : `${count(total, "issue")} written`);
    noteUnsearchable(context, written);
    if (total === 0) await noteUnknownWords(context, reading, written);
    noteMirrorAge(context, reading, options);
  } finally {
    await reading.close();
  }
}

/** Writes one page at a time, to bound memory; returns the number of issues. */
async function write(
  reading: Reading,
  written: readonly (readonly [string, string])[],
  name: FormatName,
  put: (piece: string) => void,
): Promise<number> {
  const format = formats[name];
  let total = 0;
  let cursor: string | null = null;
  do {
    const window: Awaited<ReturnType<Reading["issues"]>> = await reading.issues({ written, limit: windowSize, cursor });
    if (total === 0) put(format.head);
    for (const issue of window.issues) {
      put(format.row(issue, total === 0));
      total += 1;
    }
    ({ cursor } = window);
  } while (cursor !== null);
  put(format.foot);
  return total;
}

async function writeTo(path: string, work: (put: (piece: string) => void) => Promise<number>): Promise<number> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) {
    throw new PanopticonError("invalid_input", `${path} is a folder.`, { hint: "Name a file in it." });
  }
  try {
    // Write into a device or pipe itself; replacing it with a file would break it.
    return found === undefined || found.isFile()
      ? await writePiecesAtomically(path, 0o600, work)
      : await writeInto(path, work);
  } catch (error) {
    throw fileErrorCode(error) === null ? error : cannotBeWritten(path, error);
  }
}

async function writeInto(path: string, work: (put: (piece: string) => void) => Promise<number>): Promise<number> {
  const file = openSync(path, "w");
  try {
    return await work((piece) => writeFileSync(file, piece));
  } finally {
    closeSync(file);
  }
}

function cannotBeWritten(path: string, cause: unknown): PanopticonError {
  if (fileErrorCode(cause) === "ENOSPC") {
    return new PanopticonError("internal", `${path} could not be written: the disk is full.`, { cause });
  }
  return new PanopticonError("invalid_input", `${path} cannot be written.`, {
    hint: "Check that its folder exists and that you can write to it.",
    cause,
  });
}
