import { Lexer } from "marked";

/**
 * Whether two markdown texts are one to Linear. It keeps a document of its own and writes markdown anew when it is read: bullets, emphasis signs, escapes,
 * numbers of lists, brackets around addresses, empty lines and line ends within a paragraph change, the document does not. So the documents
 * are compared: the blocks, and in them every letter with the way it is set. What only looks different is no change, what is set differently is one.
 */
export function isSameText(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [toBlocks(one), toBlocks(other)];
  return a.length === b.length && a.every((block, index) => block === b[index]);
}

/** Each block as a line: what it is, and its letters. */
function toBlocks(markdown: string): string[] {
  const blocks: string[] = [];
  const tokens: readonly Piece[] = Lexer.lex(markdown.replaceAll("\r\n", "\n"), { gfm: true });
  readBlocks(tokens, "");
  return blocks;

  function readBlocks(tokens: readonly Piece[], place: string): void {
    for (const token of tokens) {
      switch (token.type) {
        case "space":
        case "def":
          break;
        case "heading":
          blocks.push(`${place}h${token.depth ?? 1} ${setLetters(token.tokens ?? [])}`);
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
            blocks.push(`${place}| ${row.map((cell) => setLetters(cell.tokens)).join(" | ")}`);
          }
          break;
        default:
          blocks.push(`${place}${setLetters(token.tokens ?? [token])}`);
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
type Cell = { readonly tokens: readonly Piece[] };

/** Letters with the way they are set: `bold` as `bb*o*l*d`. Spaces are not set, and how many there are does not count. */
function setLetters(tokens: readonly Piece[]): string {
  let letters = "";
  read(tokens, "");
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
