/** A key pressed for a field that does not exist yet. */
export type EarlyKey = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey">;

/** The text such keys produce. */
export type EarlyText = {
  readonly text: string;
  /** Enter was pressed last: choose the first result for the text. */
  readonly entered: boolean;
};

/** Keys that mean one thing in a field and another on the page behind it. */
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

/** Whether a key is meant for a field: text, editing or submitting. */
export function isForField({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (altKey) return false;
  return ctrlKey || metaKey ? key === "Enter" : key.length === 1 || fieldKeys.has(key);
}

/** The text that keys produce in an empty single-line field. */
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

/** Replays keys, one at a time, on whatever has the focus. */
export function pressAgain(keys: readonly EarlyKey[]): void {
  for (const { key, ctrlKey, metaKey } of keys) {
    const target = document.activeElement;
    const event = new KeyboardEvent("keydown", { key, ctrlKey, metaKey, bubbles: true, cancelable: true });
    if (target?.dispatchEvent(event) !== true || ctrlKey || metaKey) continue;
    // The only way to type like the keyboard, with its events and undo history.
    if (key.length === 1) document.execCommand("insertText", false, key);
    else if (key === "Backspace") document.execCommand("delete");
    else if (key === "Enter" && target instanceof HTMLInputElement) target.form?.requestSubmit();
  }
}
