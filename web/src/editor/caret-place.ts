/** A character's position in a text field, in pixels from the field's corner; `bottom` is the lower edge of its line. */
export type CaretPlace = { readonly left: number; readonly bottom: number };

const copied = [
  "borderLeftWidth",
  "borderRightWidth",
  "borderTopWidth",
  "boxSizing",
  "fontFamily",
  "fontSize",
  "fontWeight",
  "letterSpacing",
  "lineHeight",
  "paddingLeft",
  "paddingRight",
  "paddingTop",
  "tabSize",
  "wordSpacing",
] as const;

/** Browsers do not report the position of a character in a text field, so measure an invisible copy of the field. */
export function caretPlace(field: HTMLTextAreaElement, index: number): CaretPlace {
  const copy = document.createElement("div");
  const style = getComputedStyle(field);
  for (const name of copied) copy.style[name] = style[name];
  Object.assign(copy.style, {
    position: "absolute",
    top: "0",
    left: "-9999px",
    visibility: "hidden",
    whiteSpace: "pre-wrap",
    overflowWrap: "break-word",
    width: `${field.clientWidth}px`,
  });
  copy.textContent = field.value.slice(0, index);
  const mark = document.createElement("span");
  mark.textContent = "x";
  copy.append(mark);
  document.body.append(copy);
  const place = { left: mark.offsetLeft, bottom: mark.offsetTop + mark.offsetHeight - field.scrollTop };
  copy.remove();
  return place;
}
