import type { IUnicodeVersionProvider, Terminal } from "@xterm/xterm";
import { characterWidth } from "../../../../src/domain/character-width.ts";

/** Characters below this take one column, control characters none. */
const firstOfOtherWidth = 0x300;

/** Counts columns as tmux and its programs do: xterm's own table dates from 2010 and gives emoji one column instead of two. */
export function countAsTmux({ unicode }: Pick<Terminal, "unicode">): void {
  const known = new Map<number, 0 | 1 | 2>();
  const wcwidth = (codePoint: number): 0 | 1 | 2 => {
    if (codePoint < firstOfOtherWidth) return codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0) ? 0 : 1;
    let width = known.get(codePoint);
    if (width === undefined) {
      width = characterWidth(String.fromCodePoint(codePoint));
      known.set(codePoint, width);
    }
    return width;
  };
  const provider: IUnicodeVersionProvider = {
    version: "tmux",
    wcwidth,
    // Bit 0: the character joins the one before; the bits above: its width. This is the encoding of xterm's own providers.
    charProperties(codePoint, before) {
      const width = wcwidth(codePoint);
      const widthBefore = (before >> 1) & 3;
      const joins = width === 0 && widthBefore > 0;
      return ((joins ? widthBefore : width) << 1) | (joins ? 1 : 0);
    },
  };
  unicode.register(provider);
  unicode.activeVersion = provider.version;
}
