import { plainText } from "../../domain/plain-text.ts";

/** What programs draw between the words of a text that they wrapped. */
const notWords = /[\s\u2500-\u259F|]+/gu;
/** What the built-in agents show in place of a long text. */
const placeholder = "[pasted";
const tailLength = 16;

/**
 * Whether a screen that looked like `before` shows that its program has got a text: its end, or what stands for it, once more than before. The same may have been
 * said already.
 */
export function isShown(text: string, { before, now }: { readonly before: string; readonly now: string }): boolean {
  const words = (screen: string) => plainText(screen).replace(notWords, "").toLowerCase();
  const count = (screen: string, part: string) => words(screen).split(part).length;
  const tail = words(text).slice(-tailLength);
  return [tail, placeholder].some((part) => count(now, part) > count(before, part));
}
