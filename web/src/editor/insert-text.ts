import type { Replacement } from "./text-edits.ts";

/** Makes an edit in a text field so that the browser's own undo takes it back; tells React as typing does. */
export function insertText(field: HTMLTextAreaElement, { from, to, insert, start, end }: Replacement): void {
  field.focus();
  field.setSelectionRange(from, to);
  // The only way to add to the field's undo history; long deprecated and everywhere.
  const done = insert === "" ? document.execCommand("delete") : document.execCommand("insertText", false, insert);
  if (!done) {
    field.setRangeText(insert, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(start, end);
}
