/** The incomplete UTF-8 character at the end of a text; empty if it ends with a complete one. */
export function findCutCharacter(text: Buffer): Buffer {
  for (let at = text.length - 1; at >= Math.max(0, text.length - 3); at -= 1) {
    const byte = text[at] ?? 0;
    // A continuation byte, whose first byte is before it.
    if (byte >= 0x80 && byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return text.subarray(text.length - at < length ? at : text.length);
  }
  return text.subarray(text.length);
}
