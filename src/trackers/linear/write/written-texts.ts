import { createHash } from "node:crypto";
import { hasSameWords, isSameText } from "./same-text.ts";

/** The number of rewritten texts to remember, by their hashes; the oldest are dropped. */
const maxRemembered = 1000;

export type WrittenTexts = {
  /** Records that Linear returned `written` as `found`. */
  learn(written: string, found: string): void;
  /** Whether writing `written` over `found` would change nothing. */
  isSame(written: string, found: string): boolean;
  /** Whether `found` is the result of sending `written`. */
  isWhatBecameOf(written: string, found: string): boolean;
};

/**
 * Remembers how Linear rewrote the texts that this connection sent. Linear's own response is proof, however it rewrote the text; without one (the response was
 * lost, or another process wrote), the texts are compared.
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
