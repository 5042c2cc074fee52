import { caretPlace } from "./caret-place.ts";

/** Gives a text field as many rows as its text has, in browsers without `field-sizing: content`, which does the same. */
export function fitRows(field: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  const { lineHeight, paddingTop } = getComputedStyle(field);
  const end = caretPlace(field, field.value.length).bottom + field.scrollTop;
  field.rows = Math.max(1, Math.ceil((end - Number.parseFloat(paddingTop)) / Number.parseFloat(lineHeight)));
}
