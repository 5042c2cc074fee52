import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { createAttentionReader, type Attention } from "./call-for-attention.ts";
import { isNotThere } from "../../domain/file-error.ts";

/** What an agent wrote since it was last looked at. */
export type Output = {
  readonly bytes: number;
  /** The last call for attention, if hardly anything was written since. */
  readonly attention: Attention | null;
};

const pieceBytes = 256 * 1024;
/** Output beyond this between two looks is skipped: a bell in it is old by then. */
const maxBytes = 16 * 1024 * 1024;

/** Whoever writes on like this after a bell does not wait. */
const maxAfterwards = 4_096;

/** Follows an agent's log. `from` is where it begins to listen for bells. */
export function createOutputReader(log: string, from: number) {
  let offset = from;
  let read = createAttentionReader();
  let begun = from;
  const piece = Buffer.alloc(pieceBytes);
  return {
    offset: () => offset,
    next(): Output {
      let handle: number;
      try {
        handle = openSync(log, "r");
      } catch (error) {
        if (isNotThere(error)) return { bytes: 0, attention: null };
        throw error;
      }
      try {
        const { size } = fstatSync(handle);
        if (size < offset) {
          // It was begun anew.
          offset = 0;
          begun = 0;
          read = createAttentionReader();
        }
        const bytes = size - offset;
        if (bytes > maxBytes) {
          offset = size - maxBytes;
          begun = offset;
          read = createAttentionReader();
        }
        let attention: Attention | null = null;
        while (offset < size) {
          const length = readSync(handle, piece, 0, Math.min(piece.length, size - offset), offset);
          if (length === 0) break;
          attention = read(piece.subarray(0, length)).at(-1) ?? attention;
          offset += length;
        }
        const isOld = attention !== null && offset - begun - attention.at > maxAfterwards;
        return { bytes, attention: isOld ? null : attention };
      } finally {
        closeSync(handle);
      }
    },
  };
}
