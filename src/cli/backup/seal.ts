import { createHash } from "node:crypto";
import { appendFileSync, closeSync, openSync, readSync, statSync } from "node:fs";

/** What a sealed backup ends with, before the 32 bytes of the checksum. SQLite ignores both: they follow its last page. */
const mark = Buffer.from("\nSHA-256 of all above:");
const digestBytes = 32;

/** The length of a seal. */
export const sealBytes = mark.length + digestBytes;

/** Appends a checksum of the whole file. */
export function seal(path: string): void {
  appendFileSync(path, Buffer.concat([mark, digestOf(path, statSync(path).size)]));
}

/** Whether the file ends with a seal and is as it was when it was sealed. */
export function isSealIntact(path: string): boolean {
  const content = statSync(path).size - sealBytes;
  if (content < 0) return false;
  return Buffer.concat([mark, digestOf(path, content)]).equals(readEnd(path, content));
}

/** In pieces: a mirror may be larger than the memory. */
const pieceBytes = 1 << 20;

function digestOf(path: string, bytes: number): Buffer {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(pieceBytes);
  const file = openSync(path, "r");
  try {
    for (let at = 0; at < bytes;) {
      const read = readSync(file, piece, 0, Math.min(pieceBytes, bytes - at), at);
      if (read === 0) break;
      hash.update(piece.subarray(0, read));
      at += read;
    }
  } finally {
    closeSync(file);
  }
  return hash.digest();
}

function readEnd(path: string, from: number): Buffer {
  const end = Buffer.alloc(sealBytes);
  const file = openSync(path, "r");
  try {
    return end.subarray(0, readSync(file, end, 0, sealBytes, from));
  } finally {
    closeSync(file);
  }
}
