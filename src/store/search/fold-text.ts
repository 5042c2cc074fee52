/** Letters that decomposition leaves whole, and their usual spelling. */
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
 * Folds case and accents: keeps lower-case ASCII, decomposes other letters and digits, and replaces everything else outside ASCII by a space. In scripts
 * written without spaces each character is a word, so that any part of a text is found; so is each emoji, and a combined one, such as a flag, is the sequence
 * of its parts.
 * The result is split into words at ASCII characters that are neither letters nor digits: SQLite's `ascii` tokenizer does that itself, and `foldedWords` does
 * the same here.
 */
export function foldText(text: string): string {
  const cut = text.length > longestText ? text.slice(0, longestText) : text;
  const folded = cut.toLowerCase().replace(beyondAscii, foldRun);
  return folded.includes("\0") ? folded.replaceAll("\0", " ") : folded;
}

/** Folds a run of characters outside ASCII: most texts have few, and folding does not depend on their neighbours. */
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

/** The words of a text, as indexed by both databases. */
export function foldedWords(text: string): string[] {
  const words = foldText(text).match(/[a-z0-9\u0080-\u{10ffff}]+/gu) ?? [];
  return words.map((word) => (word.length > longestWord ? word.slice(0, longestWord).toWellFormed() : word));
}
