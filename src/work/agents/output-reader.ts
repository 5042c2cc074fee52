import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { createAttentionReader, type Attention } from "./call-for-attention.ts";
import { isNotThere } from "../../domain/file-error.ts";

/** An agent's output since the previous check. */
export type Output = {
  /** The bytes that change what the terminal shows. */
  readonly shown: number;
  /** The last request for attention, if hardly any output followed. */
  readonly attention: Attention | null;
};

const pieceBytes = 256 * 1024;
/** More output than this between two checks is skipped: a bell in it is outdated. */
const maxBytes = 16 * 1024 * 1024;

/** A program that writes this much after a bell is not waiting. After a notification, it may draw its whole screen once more. */
const maxAfterwards = { bell: 4_096, notification: 16_384 };

/** Reads an agent's log. `from` is where it starts looking for bells. */
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
        if (isNotThere(error)) return { shown: 0, attention: null };
        throw error;
      }
      try {
        const { size } = fstatSync(handle);
        if (size < offset) {
          // It was rotated.
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
        let shown = 0;
        while (offset < size) {
          const length = readSync(handle, piece, 0, Math.min(piece.length, size - offset), offset);
          if (length === 0) break;
          const output = read(piece.subarray(0, length));
          attention = output.attention.at(-1) ?? attention;
          shown += output.shown;
          offset += length;
        }
        const isOld = attention !== null && offset - begun - attention.at > maxAfterwards[attention.kind];
        return { shown, attention: isOld ? null : attention };
      } finally {
        closeSync(handle);
      }
    },
  };
}
