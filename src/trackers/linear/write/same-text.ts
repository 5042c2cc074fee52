import { Lexer } from "marked";

/** What is compared as documents; larger texts and paragraphs cost too much to take apart. In characters. */
const largestText = 64_000;
const largestParagraph = 2_000;

/**
 * Whether two markdown texts are one to Linear. It keeps a document of its own and writes markdown anew when it is read: bullets, emphasis signs, escapes,
 * numbers of lists, brackets around addresses, empty lines and line ends within a paragraph change, the document does not. So the documents
 * are compared: the blocks, and in them every letter with the way it is set. What only looks different is no change, what is set differently is one.
 * Texts that are too large to take apart are the same only to the letter.
 */
export function isSameText(one: string, other: string): boolean {
  if (one === other) return true;
  if (Math.max(one.length, other.length) > largestText) return false;
  const [a, b] = [toBlocks(one), toBlocks(other)];
  return a.length === b.length && a.every((block, index) => block === b[index]);
}

/**
 * Whether two texts say the same, however it is set. Good enough to know a text again that was just sent, also one that is rewritten in a way
 * that nobody has seen yet; too little to tell that nothing is to be changed.
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

/** Each block as a line: what it is, and its letters. */
function toBlocks(markdown: string): string[] {
  const blocks: string[] = [];
  // Paragraphs are taken apart one by one: how long that takes grows with their square.
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

  /** The first paragraph of an item stands beside its sign, whether the list is tight or loose. */
  function readItem(tokens: readonly Piece[], place: string): void {
    const [first, ...rest] = tokens.filter(({ type }) => type !== "space" && type !== "checkbox");
    if (first === undefined) blocks.push(place);
    else readBlocks([first], place);
    readBlocks(rest, `${place.replace(/\S/g, " ")} `);
  }
}

/** What is read of the tokens that `marked` makes. */
type Piece = {
  readonly type: string;
  readonly raw: string;
  readonly text?: string;
  readonly href?: string;
  readonly depth?: number;
  readonly lang?: string;
  readonly ordered?: boolean;
  /** Of an ordered list; empty for others. */
  readonly start?: number | "";
  readonly items?: readonly ListItem[];
  readonly header?: readonly Cell[];
  readonly rows?: readonly (readonly Cell[])[];
  readonly tokens?: readonly Piece[];
};
type ListItem = { readonly task: boolean; readonly checked?: boolean; readonly tokens: readonly Piece[] };
type Cell = { readonly text: string };

/** Letters with the way they are set: `bold` as `bb*o*l*d`. Spaces are not set, and how many there are does not count. */
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

/** Linear makes links of bare addresses, of hosts and of people's addresses too: `a.example` comes back as `[a.example](<http://a.example>)`. */
function standsForItself(text: string, href: string): boolean {
  const bare = /^[a-z]+:/i.test(text) ? href : href.replace(/^(?:mailto:|https?:\/\/)/i, "");
  return bare.replace(/\/$/, "") === text.replace(/\/$/, "");
}

/** Ways of setting come in one order, so that bold in italics equals italics in bold. The sign before them is none that is typed. */
function addStyle(style: string, way: string): string {
  const ways = new Set([...style.replace("\u0001", ""), way]);
  return `\u0001${[...ways].toSorted().join("")}`;
}
