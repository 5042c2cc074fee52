/** A key that was pressed for a field that is not there yet. */
export type EarlyKey = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey">;

/** What such keys wrote. */
export type EarlyText = {
  readonly text: string;
  /** Enter was pressed last: what the text finds is to be chosen. */
  readonly entered: boolean;
};

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

/** Whether a key is for a field: text, a way through it, or what sends it. */
export function isForField({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (altKey) return false;
  return ctrlKey || metaKey ? key === "Enter" : key.length === 1 || fieldKeys.has(key);
}

/** What keys write into an empty field of one line. */
export function textOf(keys: readonly EarlyKey[]): EarlyText {
  return keys.reduce<EarlyText>(
    ({ text }, { key }) => {
      if (key.length === 1) return { text: text + key, entered: false };
      if (key === "Backspace") return { text: text.slice(0, -1), entered: false };
      return { text, entered: key === "Enter" && text.trim() !== "" };
    },
    { text: "", entered: false },
  );
}

/** Presses keys anew, one after the other, in what has the focus then. */
export function pressAgain(keys: readonly EarlyKey[]): void {
  for (const { key, ctrlKey, metaKey } of keys) {
    const target = document.activeElement;
    const event = new KeyboardEvent("keydown", { key, ctrlKey, metaKey, bubbles: true, cancelable: true });
    if (target?.dispatchEvent(event) !== true || ctrlKey || metaKey) continue;
    // The one way to write as the keyboard does, with the events of it and its undo.
    if (key.length === 1) document.execCommand("insertText", false, key);
    else if (key === "Backspace") document.execCommand("delete");
    else if (key === "Enter" && target instanceof HTMLInputElement) target.form?.requestSubmit();
  }
}
