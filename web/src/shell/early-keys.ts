/** What was pressed for a field that is not there yet. */
export type EarlyKeys = {
  readonly text: string;
  /** Enter was pressed last: what the text finds is to be chosen. */
  readonly entered: boolean;
};

export const noKeys: EarlyKeys = { text: "", entered: false };

/** Keys that do something in a field, and something else in what stands behind it. */
const fieldKeys = new Set([
  "Enter",
  "Tab",
  "Backspace",
  "Delete",
  "ArrowUp",
  "ArrowDown",
  "ArrowLeft",
  "ArrowRight",
  "Home",
  "End",
  "PageUp",
  "PageDown",
]);

/** The keys so far and one more, as `KeyboardEvent.key` names it; null: that one is not for a field. */
export function withKey({ text }: EarlyKeys, key: string): EarlyKeys | null {
  if (key.length === 1) return { text: text + key, entered: false };
  if (key === "Backspace") return { text: text.slice(0, -1), entered: false };
  if (key === "Enter") return { text, entered: text.trim() !== "" };
  return fieldKeys.has(key) ? { text, entered: false } : null;
}
