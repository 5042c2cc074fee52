/** Letters that decomposition leaves whole, and what people type for them. */
const spelled: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ς: "σ",
};

const longestText = 200_000;
const longestWord = 200;

const beyondAscii = /[^\p{ASCII}]+/gu;

/**
 * Makes case and accents not count: lower-case ASCII as it is, other letters and digits decomposed, everything else outside ASCII
 * a space. Scripts written without spaces get each character as a word, so that any part of a text is found, and so do emoji: one that is put together, such as a
 * flag, is its parts in a row.
 * What is left is split into words at ASCII characters that are neither letters nor digits: SQLite's `ascii` tokenizer does
 * that by itself, `foldedWords` does it here, alike.
 */
export function foldText(text: string): string {
  const cut = text.length > longestText ? text.slice(0, longestText) : text;
  const folded = cut.toLowerCase().replace(beyondAscii, foldRun);
  return folded.includes("\0") ? folded.replaceAll("\0", " ") : folded;
}

/** Folds characters outside ASCII that stand together: most texts have few of them, and folding depends on none of their neighbours. */
function foldRun(run: string): string {
  return run
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[ßæœøłđðþıς]/gu, (letter) => spelled[letter] ?? letter)
    .replace(
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Extended_Pictographic}\p{Regional_Indicator}]/gu,
      " $& ",
    )
    .replace(/[^\p{L}\p{N}\p{ASCII}\p{Extended_Pictographic}\p{Regional_Indicator}]+/gu, " ");
}

/** The words of a text as both databases index them. */
export function foldedWords(text: string): string[] {
  const words = foldText(text).match(/[a-z0-9\u0080-\u{10ffff}]+/gu) ?? [];
  return words.map((word) => (word.length > longestWord ? word.slice(0, longestWord).toWellFormed() : word));
}
