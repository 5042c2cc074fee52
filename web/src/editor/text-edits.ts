/** A text and its selection. */
export type Selected = { readonly text: string; readonly start: number; readonly end: number };

/** A replacement of part of a text, and the selection after it. */
export type Replacement = {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly start: number;
  readonly end: number;
};

/** Toggles marks around the selection: `**bold**`. */
export function toggleMark({ text, start, end }: Selected, mark: string): Replacement {
  const { length } = mark;
  const selected = text.slice(start, end);
  if (text.slice(start - length, start) === mark && text.slice(end, end + length) === mark) {
    return { from: start - length, to: end + length, insert: selected, start: start - length, end: end - length };
  }
  return { from: start, to: end, insert: `${mark}${selected}${mark}`, start: start + length, end: end + length };
}

/** Makes the selection a link and selects the part still to be typed. */
export function makeLink({ text, start, end }: Selected): Replacement {
  const selected = text.slice(start, end);
  if (/^https?:\/\/\S+$/.test(selected)) {
    return { from: start, to: end, insert: `[](${selected})`, start: start + 1, end: start + 1 };
  }
  const at = start + selected.length + 3;
  return { from: start, to: end, insert: `[${selected}](url)`, start: at, end: at + 3 };
}

/** Toggles `mark` at the start of all selected lines. */
export function toggleLines({ text, start, end }: Selected, mark: string): Replacement {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", end);
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split("\n");
  const has = lines.every((line) => line.startsWith(mark));
  const insert = lines.map((line) => (has ? line.slice(mark.length) : `${mark}${line}`)).join("\n");
  const shift = has ? -mark.length : mark.length;
  return { from, to, insert, start: Math.max(from, start + shift), end: from + insert.length };
}

/** Continues a list on Enter with the next item's mark, numbers counted on; null if the line is no list item. An empty item is removed, which ends the list. */
export function continueList({ text, start, end }: Selected): Replacement | null {
  if (start !== end) return null;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const line = text.slice(from, start);
  const [, indent, mark, box = "", rest] = /^(\s*)([-*+]|\d{1,9}[.)])\s(\[[ xX]\]\s)?(.*)$/.exec(line) ?? [];
  if (indent === undefined || mark === undefined || rest === undefined) return null;
  if (rest.trim() === "") return { from, to: start, insert: "", start: from, end: from };
  const number = /^(\d+)(.)$/.exec(mark);
  const next = number === null ? mark : `${Number(number[1]) + 1}${number[2]}`;
  const insert = `\n${indent}${next} ${box === "" ? "" : "[ ] "}`;
  return { from: start, to: end, insert, start: start + insert.length, end: start + insert.length };
}

/** Ticks or unticks the `index`th task (`- [ ] …`); returns the text unchanged if there is none. */
export function tickTask(text: string, index: number, checked: boolean): string {
  let at = -1;
  let fence: string | null = null;
  return text
    .split("\n")
    .map((line) => {
      const opened = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
      if (opened !== undefined) {
        if (fence === null) fence = opened;
        else if (opened.startsWith(fence)) fence = null;
        return line;
      }
      if (fence !== null) return line;
      const task = /^((?:\s*>)*\s*(?:[-*+]|\d{1,9}[.)])\s+)\[[ xX]\](?=\s|$)/.exec(line);
      if (task?.[1] === undefined) return line;
      at += 1;
      return at === index ? `${task[1]}[${checked ? "x" : " "}]${line.slice(task[0].length)}` : line;
    })
    .join("\n");
}
