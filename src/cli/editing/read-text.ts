import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { PanopticonError } from "../../domain/error.ts";

/** A text given as it is, or in a file, `-` being standard input; undefined where neither is. */
export async function readTextOption(
  written: string | undefined,
  file: string | undefined,
): Promise<string | undefined> {
  if (file === undefined) return written;
  if (written !== undefined) {
    throw new PanopticonError("invalid_input", "The text is given twice, as it is and in a file.");
  }
  if (file === "-") return text(process.stdin);
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new PanopticonError("invalid_input", `${file} could not be read.`, { cause: error });
  }
}
