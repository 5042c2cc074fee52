import type { Replacement } from "./text-edits.ts";

/** Edits a text field through the browser's undo history, firing the same input events as typing. */
export function insertText(field: HTMLTextAreaElement, { from, to, insert, start, end }: Replacement): void {
  field.focus();
  field.setSelectionRange(from, to);
  // Deprecated, but supported everywhere and the only way to add to the field's undo history.
  const done = insert === "" ? document.execCommand("delete") : document.execCommand("insertText", false, insert);
  if (!done) {
    field.setRangeText(insert, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(start, end);
}
