const bareAddress = /((?:https?:\/\/|www\.)[^\s<>]+)/;
/** Text without any of these is the same in markdown; most of it is. */
const special = /[\\`*_[\]<&~]|https?:\/\/|www\./;
const wordCharacter = /[\p{L}\p{N}]/u;

/**
 * Text that is to be read as it stands, with what markdown would take for its own marked by a backslash. Bare addresses stay whole. `after` is what follows
 * it, `paragraph` all that it is read with: tildes strike out from one line, or one bold word, to the next.
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
      // Elsewhere readers differ about what is an address and where it ends, so that it is made none.
      return standsAlone && /^(?:\s|$)/.test(parts[index + 1] || after)
        ? part
        : `&#${part.charCodeAt(0)};${escapeMarkdown(part.slice(1), "-", paragraph)}`;
    })
    .join("");
}

/** The same for the words of a link: an address is none there. The dashboard's reader takes the backslash from brackets before it looks for pictures and links in them. */
export function escapeLinkWords(text: string, paragraph: string): string {
  const words = escapeWords(text, hasPairOfTildes(paragraph));
  if (!/\][([]|!\[/.test(text)) return words;
  return words.replace(/\\([[\]])/g, (_, sign: string) => (sign === "[" ? "&#91;" : "&#93;"));
}

/** One tilde strikes out as two do, once there is another to end it. */
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

/** Whether markdown would read the sign as its own where it stands. */
function isRead(sign: string, before: string, after: string): boolean {
  const previous = before.slice(-1);
  const next = after.slice(0, 1);
  switch (sign) {
    case "\\":
      // Blanks at the end move behind the mark that is closed there.
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

/** What a line begins with that is changed: most begin with a letter. */
const markedStart = /^[ \t#>+=|:\d-]/;

/** Lines of a paragraph, with what would make one a heading, a list, a quotation, a rule, a table or code marked. */
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
      // Four spaces make code; fewer are not seen.
      .replace(/^[ \t]+/, (space) => (/^ {1,3}$/.test(space) ? space : ""))
      .replace(/^( *)(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+\s*$|-+\s*$|(?=.*-)[|:-][\s|:-]*$)/, "$1\\$2")
      .replace(/^( *)(\d{1,9})([.)](?=\s|$))/, "$1$2\\$3")
  );
}

/** Code in the line, between as many backticks as it takes. */
export function inlineCode(text: string): string {
  const plain = text.replace(/\s*\n\s*/g, " ");
  const fence = "`".repeat(longestRun(plain) + 1);
  const pad = /^`|`$|^ .*[^ ].* $/.test(plain) ? " " : "";
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** A block of code, fenced by as many backticks as it takes. */
export function codeBlock(text: string, language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language.replace(/[`\s]+/g, "")}\n${text === "" ? "" : `${text}\n`}${fence}`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** An address as a link's target. */
export function linkTarget(address: string): string {
  const plain = plainAddress(address)
    .replaceAll("\\", "\\\\")
    .replace(/&(?=#|[A-Za-z][A-Za-z0-9]*;)/g, "&amp;");
  return /[()]/.test(plain) ? `<${plain}>` : plain;
}

/** An address without what markdown would end it at. */
export function plainAddress(address: string): string {
  return address.trim().replace(/[\s<>]/g, (sign) => encodeURIComponent(sign));
}
