// Zero-width characters: combining marks, conjoining Hangul vowels and finals, and format characters, except those before numbers (U+0600 …) and the soft
// hyphen.
const nothing =
  /^(?![\u00ad\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]$/u;
/** East Asian Width W and F: https://www.unicode.org/reports/tr11/ */
const eastAsian =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]$/u;
/** Characters with emoji presentation, except regional indicators (half of a flag). */
const emoji = /^(?![\u{1f1e6}-\u{1f1ff}])\p{Emoji_Presentation}$/u;

/** The number of terminal columns that a character (a code point) occupies, as tmux and the programs in it count. */
export function characterWidth(character: string): 0 | 1 | 2 {
  if (nothing.test(character)) return 0;
  return eastAsian.test(character) || emoji.test(character) ? 2 : 1;
}
