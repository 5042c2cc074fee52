/** The last bytes of a text in UTF-8 that are a character's beginning only; empty where it ends with a whole one. */
export function findCutCharacter(text: Buffer): Buffer {
  for (let at = text.length - 1; at >= Math.max(0, text.length - 3); at -= 1) {
    const byte = text[at] ?? 0;
    // A byte that goes on with a character, whose first is before it.
    if (byte >= 0x80 && byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return text.subarray(text.length - at < length ? at : text.length);
  }
  return text.subarray(text.length);
}
