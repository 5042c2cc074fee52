/** Escapes text so that Markdown reads it literally, except at the start of a line: see `escapeLineStarts`. */
export function escapeText(text: string): string {
  // Most texts contain none of these, and one test is cheaper than four replacements.
  if (!/[\\`*[\]<_~&]/.test(text)) return text;
  return (
    text
      .replace(/[\\`*[\]<]/g, "\\$&")
      // Inside a word it has no meaning.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      // A single tilde strikes out text like a double one, and ends only after a word.
      .replace(/(?<!\s)~|~(?=~)/g, "\\~")
      .replace(/&(?=#?\w+;)/g, "&amp;")
  );
}

/** Escapes the lines of a paragraph that would otherwise start a heading, list, quote, rule or fence. */
export function escapeLineStarts(text: string): string {
  if (!/^[ \t]*[#\-+>\d=~]/m.test(text)) return text;
  return text.replace(
    /^([ \t]*)(?:(#{1,6})(?=\s|$)|([-+])(?=\s|$)|(>)|(\d{1,9})([.)])(?=\s|$)|(={2,}|-{2,})(?=[ \t]*$)|(~{3,}))/gm,
    (_, blank: string, hash = "", bullet = "", quote = "", number = "", dot = "", rule = "", tilde = "") =>
      number === "" ? `${blank}\\${hash}${bullet}${quote}${rule}${tilde}` : `${blank}${number}\\${dot}`,
  );
}

/** A code span that its content cannot end. */
export function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, " ");
  if (line.trim() === "") return line;
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** A fenced code block that its content cannot end. */
export function codeBlock(text: string, language = ""): string {
  const marks = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${marks}${language}\n${text.replace(/^\r?\n/, "").replace(/\s+$/, "")}\n${marks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

const harmless = new Set(["http:", "https:", "mailto:", "tel:"]);

/** A complete URL that is safe to follow, with the characters encoded that would end it in Markdown; null for any other. */
export function toAddress(written: string | undefined, server: string): string | null {
  const text = (written ?? "").trim();
  if (text === "") return null;
  const url = URL.parse(text, `${server}/`);
  if (url === null || !harmless.has(url.protocol)) return null;
  return url.href.replace(/[()<>\s\\]/g, (sign) => encodeURIComponent(sign).replace("(", "%28").replace(")", "%29"));
}
