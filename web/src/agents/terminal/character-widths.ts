import type { IUnicodeVersionProvider, Terminal } from "@xterm/xterm";
import { characterWidth } from "../../../../src/domain/character-width.ts";

/** Below it, characters take one column, and control characters none. */
const firstOfOtherWidth = 0x300;

/** Counts columns as tmux does, and the programs in it: xterm's own table is of 2010, and emoji took one column instead of two. */
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
    // A bit for whether it joins the character before, above it that character's width: as xterm's own providers say it.
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
