import { createHash } from "node:crypto";
import { hasSameWords, isSameText } from "./same-text.ts";

/** Texts whose form Linear changed, remembered by their hashes; older ones are forgotten. */
const maxRemembered = 1000;

export type WrittenTexts = {
  /** Linear took `written` and shows it as `found`. */
  learn(written: string, found: string): void;
  /** Whether writing `written` would change nothing where `found` is. */
  isSame(written: string, found: string): boolean;
  /** Whether `found` is what became of `written`, which was sent. */
  isWhatBecameOf(written: string, found: string): boolean;
};

/**
 * Knows how Linear gives back the texts that this connection wrote. Its own answer is proof, whatever it made of the text; without one
 * (the answer was lost, another process wrote) the texts are compared.
 */
export function createWrittenTexts(): WrittenTexts {
  const learned = new Set<string>();
  const keyOf = (written: string, found: string) =>
    createHash("sha256").update(`${written.length}\n${written}${found}`).digest("base64");
  const isSame = (written: string, found: string) =>
    written === found || learned.has(keyOf(written, found)) || isSameText(written, found);
  return {
    learn(written, found) {
      if (isSame(written, found)) return;
      const [oldest] = learned;
      if (oldest !== undefined && learned.size >= maxRemembered) learned.delete(oldest);
      learned.add(keyOf(written, found));
    },
    isSame,
    isWhatBecameOf: (written, found) => isSame(written, found) || hasSameWords(written, found),
  };
}
