const bareAddress = /((?:https?:\/\/|www\.)[^\s<>]+)/;
/** Text without any of these needs no escaping; most text has none. */
const special = /[\\`*_[\]<&~]|https?:\/\/|www\./;
const wordCharacter = /[\p{L}\p{N}]/u;

/**
 * Escapes text so that Markdown reads it literally. Bare URLs stay unescaped. `after` is the text that follows it, `paragraph` all text that is parsed with it:
 * tildes strike out text from one line, or one bold word, to the next.
 */
export function escapeMarkdown(text: string, after = "", paragraph = text): string {
  if (!special.test(text)) return text;
  const parts = text.split(bareAddress);
  const strikes = hasPairOfTildes(paragraph);
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return escapeWords(part, strikes);
      const words = escapeWords(part, strikes);
      const standsAlone =
        (/(?:^|[\s(])$/.test(parts[index - 1] ?? "") || words === part) && !/&(?:#|[A-Za-z][A-Za-z0-9]*;)/.test(part);
      // Elsewhere parsers disagree on what is a URL and where it ends, so its first character is written as a reference.
      return standsAlone && /^(?:\s|$)/.test(parts[index + 1] || after)
        ? part
        : `&#${part.charCodeAt(0)};${escapeMarkdown(part.slice(1), "-", paragraph)}`;
    })
    .join("");
}

/**
 * The same for a link's text, where URLs are not links. The dashboard's parser removes the backslash from brackets before it looks for images and links in
 * them.
 */
export function escapeLinkWords(text: string, paragraph: string): string {
  const words = escapeWords(text, hasPairOfTildes(paragraph));
  if (!/\][([]|!\[/.test(text)) return words;
  return words.replace(/\\([[\]])/g, (_, sign: string) => (sign === "[" ? "&#91;" : "&#93;"));
}

/** A single tilde strikes out text, too, if another one ends it. */
function hasPairOfTildes(text: string): boolean {
  return text.indexOf("~") !== text.lastIndexOf("~");
}

function escapeWords(text: string, strikes: boolean): string {
  return text.replace(/[\\`*_[\]<&~]/g, (sign, at: number) => {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + 1, at + 12);
    return (strikes && sign === "~") || isRead(sign, before, after) ? `\\${sign}` : sign;
  });
}

/** Whether Markdown would interpret the character at this position. */
function isRead(sign: string, before: string, after: string): boolean {
  const previous = before.slice(-1);
  const next = after.slice(0, 1);
  switch (sign) {
    case "\\":
      // Trailing spaces move behind the closing delimiter.
      return after.trim() === "" || /[!-/:-@[-`{-~\n]/.test(next);
    case "*":
      return !(/^\s$/.test(previous) && /^\s$/.test(next));
    case "_":
      return !(wordCharacter.test(previous) && wordCharacter.test(next));
    case "<":
      return next === "" || /[A-Za-z/!?]/.test(next);
    case "&":
      return next === "" || /^(#|[A-Za-z][A-Za-z0-9]*;)/.test(after);
    case "~":
      return previous === "~" || next === "~" || next === "" || previous === "";
    default:
      return true;
  }
}

/** First characters of lines that may need escaping; most lines start with a letter. */
const markedStart = /^[ \t#>+=|:\d-]/;

/** Escapes the lines of a paragraph that would otherwise start a heading, list, quote, rule, table or code block. */
export function escapeLineStarts(markdown: string): string {
  if (!markdown.includes("\n")) return markedStart.test(markdown) ? escapeStart(markdown) : markdown;
  return markdown
    .split("\n")
    .map((line) => (markedStart.test(line) ? escapeStart(line) : line))
    .join("\n");
}

function escapeStart(line: string): string {
  return (
    line
      // Four spaces start a code block; fewer have no effect.
      .replace(/^[ \t]+/, (space) => (/^ {1,3}$/.test(space) ? space : ""))
      .replace(/^( *)(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+\s*$|-+\s*$|(?=.*-)[|:-][\s|:-]*$)/, "$1\\$2")
      .replace(/^( *)(\d{1,9})([.)](?=\s|$))/, "$1$2\\$3")
  );
}

/** Inline code, delimited by as many backticks as necessary. */
export function inlineCode(text: string): string {
  const plain = text.replace(/\s*\n\s*/g, " ");
  const fence = "`".repeat(longestRun(plain) + 1);
  const pad = /^`|`$|^ .*[^ ].* $/.test(plain) ? " " : "";
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** A code block, fenced by as many backticks as necessary. */
export function codeBlock(text: string, language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language.replace(/[`\s]+/g, "")}\n${text === "" ? "" : `${text}\n`}${fence}`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** A URL as a link's destination. */
export function linkTarget(address: string): string {
  const plain = plainAddress(address)
    .replaceAll("\\", "\\\\")
    .replace(/&(?=#|[A-Za-z][A-Za-z0-9]*;)/g, "&amp;");
  return /[()]/.test(plain) ? `<${plain}>` : plain;
}

/** A URL with the characters encoded that would end it in Markdown. */
export function plainAddress(address: string): string {
  return address.trim().replace(/[\s<>]/g, (sign) => encodeURIComponent(sign));
}
