const escape = 0x1b;
const backslash = 0x5c;
const letterK = 0x6b;
/** No title is that long: what follows is text again. */
const longest = 1_024;

/**
 * Removes `ESC k TITLE ESC \`, by which programs in tmux and screen name their window, because other terminals would print the title. Accepts output in any
 * pieces; an escape at the end of a piece is held back until the next.
 */
export function createTitleFilter(): (bytes: Buffer) => Buffer {
  let state: "text" | "escape" | "title" | "end" = "text";
  let length = 0;
  return (bytes) => {
    // Fast path: most output contains no title.
    if (state === "text" && !bytes.includes("\x1bk") && bytes.at(-1) !== escape) return bytes;
    const kept = Buffer.allocUnsafe(bytes.length + 1);
    let end = 0;
    for (const byte of bytes) {
      if (state === "text") {
        if (byte === escape) state = "escape";
        else kept[end++] = byte;
      } else if (state === "escape") {
        if (byte === letterK) {
          state = "title";
          length = 0;
        } else {
          kept[end++] = escape;
          if (byte !== escape) {
            kept[end++] = byte;
            state = "text";
          }
        }
      } else {
        length += 1;
        if (state === "end" && byte === backslash) state = "text";
        else if (length > longest) state = "text";
        else state = byte === escape ? "end" : "title";
      }
    }
    return kept.subarray(0, end);
  };
}
