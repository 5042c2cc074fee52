import type { Mark, Node } from "./document.ts";

// https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all

const marks: Readonly<Record<string, Mark>> = {
  "*": { type: "strong" },
  _: { type: "em" },
  "-": { type: "strike" },
  "+": { type: "underline" },
  "^": { type: "subsup", attrs: { type: "sup" } },
  "~": { type: "subsup", attrs: { type: "sub" } },
  "??": { type: "em" },
};

/** Emoticons and the characters that replace them. */
export const wikiSigns: readonly (readonly [string, string])[] = [
  ["(/)", "✔"],
  ["(x)", "✘"],
  ["(!)", "⚠"],
  ["(?)", "❓"],
  ["(i)", "ℹ"],
  ["(y)", "👍"],
  ["(n)", "👎"],
  ["(+)", "➕"],
  ["(-)", "➖"],
];

/** How far to search for a closing delimiter, so that unclosed ones do not make parsing quadratic. */
const farthest = 2_000;
const deepest = 12;
const wordCharacter = /[\p{L}\p{N}]/u;

/** Parses one line of wiki markup into inline nodes. */
export function parseWikiInline(text: string, outer: readonly Mark[] = [], depth = 0): Node[] {
  const nodes: Node[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") nodes.push({ type: "text", text: plain, ...(outer.length > 0 ? { marks: outer } : {}) });
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = depth < deepest ? readAt(text, at, outer, depth) : null;
    if (found === null) {
      plain += text[at] ?? "";
      at += 1;
      continue;
    }
    if (typeof found.is === "string") plain += found.is;
    else {
      flush();
      nodes.push(...found.is);
    }
    at = found.end;
  }
  flush();
  return nodes;
}

type Found = { readonly is: string | readonly Node[]; readonly end: number };

function readAt(text: string, at: number, outer: readonly Mark[], depth: number): Found | null {
  const sign = text[at] ?? "";
  switch (sign) {
    case "\\":
      if (text[at + 1] === "\\") return { is: [{ type: "hardBreak" }], end: at + 2 };
      return /[\p{P}\p{S}]/u.test(text[at + 1] ?? "") ? { is: text[at + 1] ?? "", end: at + 2 } : null;
    case "&": {
      const entity = /^&#(\d{1,7});/.exec(text.slice(at, at + 12));
      const code = Number(entity?.[1]);
      return entity && code > 0 && code <= 0x10ffff
        ? { is: String.fromCodePoint(code), end: at + entity[0].length }
        : null;
    }
    case "{":
      return readBrace(text, at, outer, depth);
    case "[":
      return readLink(text, at, outer, depth);
    case "!":
      return readImage(text, at);
    case "(": {
      const known = wikiSigns.find(([written]) => text.startsWith(written, at));
      return known === undefined ? null : { is: known[1], end: at + known[0].length };
    }
    case "h": {
      const address = /^https?:\/\/[^\s|\]}"<>]+/.exec(text.slice(at, at + farthest))?.[0];
      // URLs cannot contain marks.
      return address === undefined || wordCharacter.test(text[at - 1] ?? "")
        ? null
        : { is: address, end: at + address.length };
    }
    default:
      return readPhrase(text, at, outer, depth);
  }
}

/** `{{code}}`, `{*}strong{*}`, `{color:red}…{color}`; anything unknown stays as written. */
function readBrace(text: string, at: number, outer: readonly Mark[], depth: number): Found | null {
  const near = text.slice(at, at + farthest);
  const code = /^\{\{((?:\\.|[^\\])+?)\}\}/.exec(near) ?? /^\{\{(.+?)\}\}/.exec(near);
  if (code !== null) {
    const inner = (code[1] ?? "")
      .replace(/\\(?=[\p{P}\p{S}])/gu, "")
      .replace(/&#(\d{1,6});/g, (_, number: string) => String.fromCodePoint(Number(number)));
    return { is: [{ type: "text", text: inner, marks: [...outer, { type: "code" }] }], end: at + code[0].length };
  }
  // The visual editor writes marks inside words like this.
  const braced = /^\{(\*|_|-|\+|\^|~|\?\?)\}(\S(?:.*?\S)??)\{\1\}/.exec(near);
  const color = /^\{color:([^{}]*)\}(.*?)\{color\}/.exec(near);
  const mark = braced === null ? { type: "textColor", attrs: { color: color?.[1] ?? "" } } : marks[braced[1] ?? ""];
  const match = braced ?? color;
  if (match !== null && mark !== undefined) {
    return { is: parseWikiInline(match[2] ?? "", [...outer, mark], depth + 1), end: at + match[0].length };
  }
  const unseen = /^\{(?:anchor:[^{}]*|color(?::[^{}]*)?)\}/.exec(near)?.[0];
  if (unseen !== undefined) return { is: [{ type: "macro", attrs: { markup: unseen } }], end: at + unseen.length };
  const macro = /^\{[a-z][\w-]*(?::[^{}\n]*)?\}/.exec(near)?.[0];
  if (macro === undefined) return null;
  return {
    is: [{ type: "macro", text: macro, ...(outer.length > 0 ? { marks: outer } : {}) }],
    end: at + macro.length,
  };
}

/** `[words|address]`, `[address]`, `[~user]`, `[^file]`. Anything else in brackets is text. */
function readLink(text: string, at: number, outer: readonly Mark[], depth: number): Found | null {
  const match = /^\[((?:\\.|[^\]\\\n])+)\]/.exec(text.slice(at, at + farthest));
  if (match === null) return null;
  const end = at + match[0].length;
  const inner = match[1] ?? "";
  if (inner.startsWith("~")) {
    const name = inner.slice(1);
    const attrs = { id: name, text: `@${name.replace(/^accountid:/, "")}` };
    return { is: [{ type: "mention", attrs, ...(outer.length > 0 ? { marks: outer } : {}) }], end };
  }
  if (inner.startsWith("^")) {
    return { is: [{ type: "mediaInline", attrs: { alt: inner.slice(1), markup: match[0] } }], end };
  }
  const parts = inner.split(/(?<!\\)\|/);
  const address = ((parts.length > 1 ? parts[1] : parts[0]) ?? "").trim();
  if (!/^(?:[a-z][a-z0-9+.-]*:|\/\/|#|\/)\S+$/i.test(address)) return null;
  const link: Mark = { type: "link", attrs: { href: address } };
  const words = parts.length > 1 ? (parts[0] ?? "") : "";
  if (words.trim() === "") {
    if (/^https?:/i.test(address)) return { is: [{ type: "inlineCard", attrs: { url: address } }], end };
    return { is: [{ type: "text", text: address, marks: [...outer, link] }], end };
  }
  return { is: parseWikiInline(words, [...outer, link], depth + 1), end };
}

/** `!name.png|thumbnail!` and `!https://…!`. */
function readImage(text: string, at: number): Found | null {
  const match = /^!([^\s!|][^!|\n]*?\.[A-Za-z0-9]{1,5}|https?:\/\/[^\s!|]+)(?:\|[^!\n]*)?!/.exec(
    text.slice(at, at + farthest),
  );
  if (match === null) return null;
  const name = match[1] ?? "";
  const attrs = /^https?:/.test(name) ? { url: name, alt: name.split("/").at(-1) ?? "" } : { alt: name };
  // Parameters after the name, such as size or frame, are kept with it.
  const markup = match[0] === `!${name}!` ? {} : { markup: match[0] };
  return { is: [{ type: "mediaInline", attrs: { ...attrs, ...markup } }], end: at + match[0].length };
}

/** `*strong*`, `_em_`, `-struck-` …: starts before a word, ends after one. */
function readPhrase(text: string, at: number, outer: readonly Mark[], depth: number): Found | null {
  const sign = text.startsWith("??", at) ? "??" : (text[at] ?? "");
  const mark = marks[sign];
  if (mark === undefined) return null;
  const start = at + sign.length;
  if (wordCharacter.test(text[at - 1] ?? "") || !/\S/.test(text[start] ?? "") || text.startsWith(sign, start))
    return null;
  for (
    let end = text.indexOf(sign, start + 1);
    end !== -1 && end - start < farthest;
    end = text.indexOf(sign, end + 1)
  ) {
    const before = text[end - 1] ?? "";
    if (/\s/.test(before) || before === "\\" || wordCharacter.test(text[end + sign.length] ?? "")) continue;
    const inner = text.slice(start, end);
    return { is: parseWikiInline(inner, [...outer, mark], depth + 1), end: end + sign.length };
  }
  return null;
}
