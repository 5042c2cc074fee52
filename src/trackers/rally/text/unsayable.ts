/** Formatting of a description that Markdown cannot express and a changed text would therefore lose. Detected in the HTML source without parsing it. */
const signs: readonly (readonly [words: string, pattern: RegExp])[] = [
  [
    "colours, fonts or sizes of letters",
    /<(?:font|big|small|center)\b|<[^<>]*\s(?:style|bgcolor|color|face)\s*=\s*["']?[^"'\s>]/i,
  ],
  ["cells that span others", /<t[dh]\b[^<>]*\s(?:col|row)span\s*=\s*["']?0*(?:[2-9]|1\d)/i],
  ["pictures of a certain size", /<img\b[^<>]*\s(?:width|height)\s*=/i],
  ["embedded objects", /<(?:iframe|object|embed|video|audio|svg)\b/i],
];

export function findUnsayable(html: string): readonly string[] {
  return signs.filter(([, pattern]) => pattern.test(html)).map(([words]) => words);
}
