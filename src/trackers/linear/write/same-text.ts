import { Lexer } from "marked";

/** Larger texts and paragraphs are too expensive to parse, so they are not compared as documents. In characters. */
const largestText = 64_000;
const largestParagraph = 2_000;

/**
 * Whether Linear considers two Markdown texts the same. It stores a document and generates Markdown when it is read, so bullets, emphasis markers, escapes,
 * list numbers, brackets around URLs, empty lines and line breaks within a paragraph may change while the document does not. Compares the documents: their
 * blocks, and every letter with its formatting. Notation does not matter, formatting does. Texts that are too large to parse must be identical.
 */
export function isSameText(one: string, other: string): boolean {
  if (one === other) return true;
  if (Math.max(one.length, other.length) > largestText) return false;
  const [a, b] = [toBlocks(one), toBlocks(other)];
  return a.length === b.length && a.every((block, index) => block === b[index]);
}

/**
 * Whether two texts contain the same words, however formatted. Good enough to recognize a text that was just sent, even if Linear rewrote it in an unknown way;
 * not enough to decide that nothing has to be changed.
 */
export function hasSameWords(one: string, other: string): boolean {
  return one === other || toWords(one) === toWords(other);
}

function toWords(markdown: string): string {
  return markdown
    .normalize("NFC")
    .replace(/\[([^\]\n]{1,300})\]\(<?(?:mailto:|https?:\/\/)?\1\/?>?\)/gi, "$1")
    .replace(/^[ \t]*\d{1,9}[.)][ \t]/gm, "")
    .replace(/[^\p{L}\p{N}\p{M}\p{So}\p{Sc}]+/gu, "");
}

/** Each block as a line: its kind and its letters. */
function toBlocks(markdown: string): string[] {
  const blocks: string[] = [];
  // Paragraphs are parsed one by one, because the time to parse them grows quadratically.
  const tokens: readonly Piece[] = new Lexer({ gfm: true }).blockTokens(markdown.replaceAll("\r\n", "\n"), []);
  readBlocks(tokens, "");
  return blocks;

  function readBlocks(tokens: readonly Piece[], place: string): void {
    for (const token of tokens) {
      switch (token.type) {
        case "space":
        case "def":
          break;
        case "heading":
          blocks.push(`${place}h${token.depth ?? 1} ${setLetters(token.text)}`);
          break;
        case "hr":
          blocks.push(`${place}hr`);
          break;
        case "code":
          blocks.push(`${place}code ${token.lang ?? ""}\n${(token.text ?? "").trimEnd()}`);
          break;
        case "blockquote":
          readBlocks(token.tokens ?? [], `${place}> `);
          break;
        case "list":
          for (const item of token.items ?? []) {
            const sign = token.ordered ? `${token.start ?? 1}. ` : "* ";
            readItem(item.tokens, `${place}${item.task ? (item.checked ? "[x] " : "[ ] ") : sign}`);
          }
          break;
        case "table":
          for (const row of [token.header ?? [], ...(token.rows ?? [])]) {
            blocks.push(`${place}| ${row.map((cell) => setLetters(cell.text)).join(" | ")}`);
          }
          break;
        default:
          blocks.push(`${place}${setLetters(token.text ?? token.raw)}`);
      }
    }
  }

  /** The first paragraph of an item is on the line of its marker, in tight and in loose lists. */
  function readItem(tokens: readonly Piece[], place: string): void {
    const [first, ...rest] = tokens.filter(({ type }) => type !== "space" && type !== "checkbox");
    if (first === undefined) blocks.push(place);
    else readBlocks([first], place);
    readBlocks(rest, `${place.replace(/\S/g, " ")} `);
  }
}

/** The fields used of `marked`'s tokens. */
type Piece = {
  readonly type: string;
  readonly raw: string;
  readonly text?: string;
  readonly href?: string;
  readonly depth?: number;
  readonly lang?: string;
  readonly ordered?: boolean;
  /** Only for ordered lists. */
  readonly start?: number | "";
  readonly items?: readonly ListItem[];
  readonly header?: readonly Cell[];
  readonly rows?: readonly (readonly Cell[])[];
  readonly tokens?: readonly Piece[];
};
type ListItem = { readonly task: boolean; readonly checked?: boolean; readonly tokens: readonly Piece[] };
type Cell = { readonly text: string };

/** Letters with their formatting: `bold` as `bb*o*l*d`. Spaces have no formatting, and their number does not matter. */
function setLetters(text = ""): string {
  if (text.length > largestParagraph) return text;
  let letters = "";
  const pieces: readonly Piece[] = Lexer.lexInline(text, { gfm: true });
  read(pieces, "");
  return letters.trim().replace(/\s+/g, " ");

  function read(inner: readonly Piece[], style: string): void {
    for (const token of inner) {
      switch (token.type) {
        case "strong":
          read(token.tokens ?? [], addStyle(style, "b"));
          break;
        case "em":
          read(token.tokens ?? [], addStyle(style, "i"));
          break;
        case "del":
          read(token.tokens ?? [], addStyle(style, "s"));
          break;
        case "codespan":
          // Linear moves emphasis out of code.
          write(token.text ?? "", "c");
          break;
        case "br":
          letters += " ";
          break;
        case "image":
          write(`!${token.text ?? ""}(${token.href ?? ""})`, style);
          break;
        case "link":
          readLink(token, style);
          break;
        case "checkbox":
          break;
        default:
          if (token.tokens === undefined) write(token.text ?? token.raw, style);
          else read(token.tokens, style);
      }
    }
  }

  function readLink(token: Piece, style: string): void {
    const { text = "", href = "" } = token;
    if (standsForItself(text, href)) write(text, style);
    else {
      read(token.tokens ?? [], addStyle(style, "l"));
      letters += `(${href})`;
    }
  }

  function write(text: string, style: string): void {
    for (const letter of text) letters += style === "" || /\s/.test(letter) ? letter : `${style}${letter}`;
  }
}

/** Linear turns bare URLs, host names and e-mail addresses into links: `a.example` becomes `[a.example](<http://a.example>)`. */
function standsForItself(text: string, href: string): boolean {
  const bare = /^[a-z]+:/i.test(text) ? href : href.replace(/^(?:mailto:|https?:\/\/)/i, "");
  return bare.replace(/\/$/, "") === text.replace(/\/$/, "");
}

/** Styles are sorted, so that bold in italics equals italics in bold. Their prefix is a character that nobody types. */
function addStyle(style: string, way: string): string {
  const ways = new Set([...style.replace("\u0001", ""), way]);
  return `\u0001${[...ways].toSorted().join("")}`;
}
