import { createReadStream } from "node:fs";
import { readFailure } from "../../domain/file-error.ts";
import { PanopticonError } from "../../domain/error.ts";

/** More than any tracker accepts. */
const maxBytes = 4_000_000;

/** Reads a text option, given directly or as a file (`-`: standard input); undefined if absent. Throws `invalid_input` for anything that is not text. */
export async function readTextOption(
  written: string | undefined,
  file: string | undefined,
): Promise<string | undefined> {
  if (file === undefined) return written;
  if (written !== undefined) {
    throw new PanopticonError("invalid_input", "The text is given twice, directly and in a file.");
  }
  return file === "-" ? readInput() : readText(createReadStream(file), file);
}

/** Reads standard input to its end. Throws `invalid_input`. */
export function readInput(): Promise<string> {
  return readText(process.stdin, "Standard input");
}

/** Decodes UTF-8 strictly, without replacement characters. Throws `invalid_input`. */
export function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PanopticonError("invalid_input", `${name} is not UTF-8 text.`, {
      hint: "Convert it, for example from Latin 1: iconv -f LATIN1 -t UTF-8.",
      cause,
    });
  }
}

async function readText(stream: AsyncIterable<Buffer | string>, name: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of stream) {
      const bytes = Buffer.from(part);
      size += bytes.length;
      if (size > maxBytes) break;
      parts.push(bytes);
    }
  } catch (cause) {
    throw new PanopticonError("invalid_input", `${name} could not be read: ${readFailure(cause)}.`, { cause });
  }
  if (size <= maxBytes) return decodeText(Buffer.concat(parts), name);
  throw new PanopticonError("invalid_input", `${name} is larger than ${maxBytes / 1_000_000} megabytes.`, {
    hint: "No tracker accepts a text that long.",
  });
}
