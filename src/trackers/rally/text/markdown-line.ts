import { type Frame, type Mark } from "./markdown-frame.ts";
import { codeSpan, escapeLineStarts, escapeText } from "./markdown-text.ts";

/** Whitespace that has to be collapsed: several characters, or other ones than a space. */
const hasGaps = /\s{2}|[^\S ]/u;

/** Appends the text since the last element to the line. Collapses whitespace, and drops it at the start. */
export function endText(frame: Frame): void {
  if (frame.text.length === 0) return;
  const text = take(frame.text);
  if (frame.isRaw) {
    append(frame, text);
    return;
  }
  const collapsed = hasGaps.test(text) ? text.replace(/\s+/gu, " ") : text;
  append(frame, escapeText(endsBlank(frame) ? collapsed.trimStart() : collapsed));
}

export function append(frame: Frame, text: string): void {
  if (text === "") return;
  const { unsure, inline } = frame;
  if (unsure !== null && !isApart(firstOf(text))) {
    inline[unsure.open] = `<${unsure.mark.tag}>`;
    inline[unsure.close] = `</${unsure.mark.tag}>`;
  }
  frame.unsure = null;
  // A literal bracket would be escaped, so this is a link; the ! before it must not make it an image.
  const last = text.startsWith("[") ? inline.at(-1) : undefined;
  if (last?.endsWith("!")) inline[inline.length - 1] = `${last.slice(0, -1)}\\!`;
  inline.push(text);
}

export function endsBlank({ inline }: Frame): boolean {
  return /\s$/.test(inline.at(-1) ?? "");
}

/**
 * Whitespace or punctuation, next to which a delimiter works whatever is on its other side. Parsers disagree about emoji, whose surrogates some treat as
 * letters.
 */
function isApart(character: string): boolean {
  return character === "" || (character.length === 1 && /^[\s\p{P}\p{S}]$/u.test(character));
}

function isLetter(character: string): boolean {
  return character.length === 1 && !/^[\s\p{P}\p{S}]$/u.test(character);
}

function firstOf(text: string): string {
  return /^./su.exec(text.slice(0, 2))?.[0] ?? "";
}

function lastOf(text: string): string {
  return /.$/su.exec(text.slice(-2))?.[0] ?? "";
}

export function take(pieces: string[]): string {
  if (pieces.length === 1) return pieces.pop() ?? "";
  return pieces.splice(0).join("");
}

/** Continues the paragraph on the next line. */
export function breakLine(frame: Frame): void {
  const last = frame.isRaw ? undefined : frame.inline.pop()?.trimEnd();
  if (last) frame.inline.push(last);
  append(frame, frame.isRaw ? "\n" : "  \n");
}

/** Turns the current line into a block. */
export function endLine(frame: Frame): void {
  endText(frame);
  frame.unsure = null;
  frame.lastCode = null;
  const inline = take(frame.inline);
  const line = frame.isPre ? inline : inline.trim();
  if (line.trim() === "") return;
  frame.blocks.push(frame.isRaw ? line : escapeLineStarts(line));
}

export function takeBlocks(frame: Frame): string[] {
  endLine(frame);
  return frame.blocks;
}

export function inlineOf(frame: Frame, inline: string): string {
  const { tag, isPre } = frame;
  if (isPre) return inline;
  if (frame.isRaw) return inline;
  const text = inline.trim();
  const after = /\s$/.test(inline) && inline !== "" ? " " : "";
  if (tag === "a") {
    if (frame.address === null) return text + after;
    return `${text === "" || text === frame.address ? `<${frame.address}>` : `[${linkWords(text)}](${frame.address})`}${after}`;
  }
  return text + after;
}

/** Some parsers unescape brackets before they look for links in a link's text: where they would find one, character references are used. */
function linkWords(text: string): string {
  if (!/\\\](?:\(|\\?\[)/.test(text)) return text;
  return text.replace(/\\([[\]])/g, (_, sign: string) => (sign === "[" ? "&#91;" : "&#93;"));
}

/** Merges adjacent code spans, because their backticks would merge. */
export function appendCode(parent: Frame, code: string): void {
  if (code.trim() === "") return append(parent, codeSpan(code));
  const { lastCode, inline } = parent;
  const isNext = lastCode !== null && lastCode.end === inline.length;
  if (isNext) inline.pop();
  const whole = isNext ? lastCode.code + code : code;
  append(parent, codeSpan(whole));
  parent.lastCode = { code: whole, end: inline.length };
}

/** Appends marked text, with tags if the delimiter would not be recognized. https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run */
export function appendMarked(parent: Frame, mark: Mark, inline: string): void {
  const text = inline.trim();
  if (text === "") return endMark(parent, inline);
  const { sign, tag } = mark;
  const before = lastOf(parent.inline.at(-1) ?? "");
  const [first, last] = [firstOf(text), lastOf(text)];
  const isRead =
    sign !== null && !/[*~]/.test(before + text.replace(/\\./g, "")) && (isApart(before) || isLetter(first));
  const [open, close] = isRead ? [sign, sign] : [`<${tag}>`, `</${tag}>`];
  append(parent, open);
  parent.inline.push(text, close);
  if (isRead && !isLetter(last))
    parent.unsure = { mark, open: parent.inline.length - 3, close: parent.inline.length - 1 };
  endMark(parent, inline);
}

/** Moves a mark's trailing whitespace after the mark. */
function endMark(parent: Frame, inline: string): void {
  const blank = /\s*$/.exec(inline)?.[0] ?? "";
  if (blank.includes("\n")) breakLine(parent);
  else append(parent, blank && " ");
}
