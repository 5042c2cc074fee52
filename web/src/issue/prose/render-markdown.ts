import DOMPurify from "dompurify";
import { Marked } from "marked";
import { fileName, isOtherFile, isPicture } from "../../files/file-address.ts";
import { currentSearch } from "../../filter/canonical.ts";
import { linkRefs, type KnownRefs } from "../../refs/link-refs.ts";
import { issuePath } from "../../routes.ts";

/** Allowed elements of untrusted text: nothing that runs scripts, loads styles, takes input or embeds pages. */
const allowedTags = [
  "a",
  "b",
  "blockquote",
  "br",
  "code",
  "dd",
  "del",
  "details",
  "div",
  "dl",
  "dt",
  "em",
  "figcaption",
  "figure",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "hr",
  "i",
  "img",
  "input",
  "ins",
  "kbd",
  "li",
  "mark",
  "ol",
  "p",
  "picture",
  "pre",
  "q",
  "s",
  "samp",
  "small",
  "span",
  "strike",
  "strong",
  "sub",
  "summary",
  "sup",
  "table",
  "tbody",
  "td",
  "tfoot",
  "th",
  "thead",
  "tr",
  "tt",
  "u",
  "ul",
  "var",
  "wbr",
];
const allowedAttributes = [
  "align",
  "alt",
  "checked",
  "class",
  "colspan",
  "disabled",
  "height",
  "href",
  "open",
  "rowspan",
  "src",
  "start",
  "title",
  "type",
  "width",
];
const linkSchemes = new Set(["http:", "https:", "mailto:"]);
const imageSchemes = new Set(["http:", "https:"]);

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    // Level 2 is the issue's own title.
    heading({ tokens, depth }) {
      const level = Math.min(depth + 2, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
  },
});

/** Resolves a link relative to the issue's URL; null if the scheme is not allowed. */
function resolve(address: string, base: string | null, schemes: ReadonlySet<string>): string | null {
  try {
    const url = new URL(address, base ?? undefined);
    return schemes.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Replaces an image that is not loaded: its alt text, as a link if that is safe. */
function imageLink(words: string, written: string, base: string | null): Node {
  const href = written === "" ? null : resolve(written, base, linkSchemes);
  const text = words.trim() === "" ? "picture" : words;
  if (href === null) return document.createTextNode(text);
  const link = document.createElement("a");
  link.textContent = text;
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

const letters = /\p{L}/u;
const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}]/u;

/** Whether a text is right-to-left, judging by its first letter. */
function isRightToLeft(text: string): boolean {
  const [first = ""] = letters.exec(text) ?? [];
  return rightToLeft.test(first);
}

function tame(node: Element, base: string | null, { picture, file }: Through): void {
  if (node instanceof HTMLAnchorElement) {
    const href = resolve(node.getAttribute("href") ?? "", base, linkSchemes);
    if (href === null || !node.hasAttribute("href")) {
      node.removeAttribute("href");
      return;
    }
    const through = file(href);
    node.setAttribute("href", through ?? href);
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer");
    const name = fileName(node.textContent, href);
    if (through !== null && !isPicture(name)) node.setAttribute("download", name);
  } else if (node instanceof HTMLImageElement) {
    const written = node.getAttribute("src") ?? "";
    const whole = written === "" ? null : resolve(written, base, imageSchemes);
    const alt = node.getAttribute("alt") ?? "";
    if (whole !== null && file(whole) !== null && isOtherFile(alt, whole)) {
      // The link is sanitised in its turn.
      node.replaceWith(imageLink(alt || fileName("", whole), written, base));
      return;
    }
    const src = whole === null ? null : picture(whole);
    if (src === null) {
      node.replaceWith(imageLink(alt, written, base));
      return;
    }
    node.setAttribute("src", src);
    node.setAttribute("loading", "lazy");
    node.setAttribute("decoding", "async");
    node.setAttribute("referrerpolicy", "no-referrer");
  } else if (node instanceof HTMLInputElement) {
    if (node.getAttribute("type") !== "checkbox") node.remove();
    else node.setAttribute("disabled", "");
  } else if (/^(?:P|H[1-6]|TD|TH|SUMMARY)$/.test(node.tagName)) {
    node.setAttribute("dir", "auto");
  } else if (/^(?:BLOCKQUOTE|LI)$/.test(node.tagName)) {
    // `dir=auto` on such a block would ignore nested paragraphs, which have a direction of their own.
    node.setAttribute("dir", isRightToLeft(node.textContent) ? "rtl" : "ltr");
  }
}

type Through = {
  /** The URL to load an image from; null: do not load it. */
  readonly picture: (address: string) => string | null;
  /** The proxied URL of a file its tracker serves only with a login; null: an ordinary link. */
  readonly file: (address: string) => string | null;
};

/**
 * Renders markdown as sanitised HTML. `base`: the issue's URL, which relative links resolve against; without it they are dropped. Known refs become links to
 * their issues.
 */
export function renderMarkdown(
  text: string,
  base: string | null,
  through: Through,
  refs: KnownRefs | null = null,
): string {
  const purify = DOMPurify();
  purify.addHook("uponSanitizeAttribute", (node, attribute) => {
    // The only allowed class names a code block's language.
    if (attribute.attrName === "class" && !(node.nodeName === "CODE" && /^language-\S+$/.test(attribute.attrValue))) {
      attribute.keepAttr = false;
    }
  });
  purify.addHook("afterSanitizeAttributes", (node) => tame(node, base, through));
  const safe = purify.sanitize(marked.parse(text, { async: false }), {
    RETURN_DOM_FRAGMENT: true,
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: [...allowedAttributes],
    ADD_ATTR: ["target", "rel", "loading", "decoding", "referrerpolicy", "dir"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
  if (refs !== null) linkRefs(safe, refs, (address) => issuePath(address, currentSearch()));
  const holder = document.createElement("div");
  holder.append(safe);
  return holder.innerHTML;
}
