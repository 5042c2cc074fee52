/** Makes a text mean itself in markdown. What only has a meaning at the beginning of a line is `escapeLineStarts`' business. */
export function escapeText(text: string): string {
  // Most words have no sign of these, and one look costs less than four.
  if (!/[\\`*[\]<_~&]/.test(text)) return text;
  return (
    text
      .replace(/[\\`*[\]<]/g, "\\$&")
      // Inside a word it means nothing.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      // One tilde strikes out as two do, and ends behind a word only.
      .replace(/(?<!\s)~|~(?=~)/g, "\\~")
      .replace(/&(?=#?\w+;)/g, "&amp;")
  );
}

/** Headings, lists, quotes, rules and fences begin a line; a paragraph's lines are none of them. */
export function escapeLineStarts(text: string): string {
  if (!/^[ \t]*[#\-+>\d=~]/m.test(text)) return text;
  return text.replace(
    /^([ \t]*)(?:(#{1,6})(?=\s|$)|([-+])(?=\s|$)|(>)|(\d{1,9})([.)])(?=\s|$)|(={2,}|-{2,})(?=[ \t]*$)|(~{3,}))/gm,
    (_, blank: string, hash = "", bullet = "", quote = "", number = "", dot = "", rule = "", tilde = "") =>
      number === "" ? `${blank}\\${hash}${bullet}${quote}${rule}${tilde}` : `${blank}${number}\\${dot}`,
  );
}

/** A code span that whatever is inside cannot end. */
export function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, " ");
  if (line.trim() === "") return line;
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** A fenced block that whatever is inside cannot end. */
export function codeBlock(text: string, language = ""): string {
  const marks = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${marks}${language}\n${text.replace(/^\r?\n/, "").replace(/\s+$/, "")}\n${marks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

const harmless = new Set(["http:", "https:", "mailto:", "tel:"]);

/** An address that may be followed, complete, with nothing in it that would end it in markdown; null for any other. */
export function toAddress(written: string | undefined, server: string): string | null {
  const text = (written ?? "").trim();
  if (text === "") return null;
  const url = URL.parse(text, `${server}/`);
  if (url === null || !harmless.has(url.protocol)) return null;
  return url.href.replace(/[()<>\s\\]/g, (sign) => encodeURIComponent(sign).replace("(", "%28").replace(")", "%29"));
}
