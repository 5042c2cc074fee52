import DOMPurify from "dompurify";
import { Marked } from "marked";
import { useEffect, useMemo, useRef } from "react";
import { fileAddress, fileName, isOtherFile, isPicture, linkedFile, ownAddress } from "../../files/file-address.ts";
import { useFilePlaces } from "../../files/file-places.tsx";
import { currentSearch } from "../../filter/canonical.ts";
import { useKnownRefs } from "../../refs/known-refs.tsx";
import { linkRefs, refAttribute, type KnownRefs } from "../../refs/link-refs.ts";
import { issuePath } from "../../routes.ts";
import { followIssueLink } from "../issue-link.tsx";
import "./prose.css";
import "./code.css";

/** What may stay of a text that anybody may have written. Nothing that runs, loads styles, takes input or frames another page. */
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
    // The issue's own title is the second level.
    heading({ tokens, depth }) {
      const level = Math.min(depth + 2, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
  },
});

/** The address a link leads to, seen from the issue's own page; null where it may not be followed. */
function resolve(address: string, base: string | null, schemes: ReadonlySet<string>): string | null {
  try {
    const url = new URL(address, base ?? undefined);
    return schemes.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** What stands for a picture that the page does not load: its words, leading to it where that is safe. */
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

/** Whether a text runs from right to left: its first letter says it. */
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
      // The link is tamed in its turn.
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
    // By itself such a block does not look into the paragraphs in it, which have a direction of their own.
    node.setAttribute("dir", isRightToLeft(node.textContent) ? "rtl" : "ltr");
  }
}

type Through = {
  /** Where the page gets a picture from; null: not at all. */
  readonly picture: (address: string) => string | null;
  /** Where a file comes from that its tracker gives out to logins only; null: the address is any other link's. */
  readonly file: (address: string) => string | null;
};

/**
 * Markdown as HTML that is safe to show. `base` is the issue's own address: relative links start there, and lead nowhere while it has none. Refs that are known become links to their
 * issues.
 */
export function renderMarkdown(
  text: string,
  base: string | null,
  through: Through,
  refs: KnownRefs = new Map(),
): string {
  const purify = DOMPurify();
  purify.addHook("uponSanitizeAttribute", (node, attribute) => {
    // A class may only name the language of a code block.
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
  linkRefs(safe, refs, (address) => issuePath(address, currentSearch()));
  const holder = document.createElement("div");
  holder.append(safe);
  return holder.innerHTML;
}

/** Whether there is a code block to colour: the highlighter is loaded with the first. */
function namesLanguage(html: string): boolean {
  return html.includes('<code class="language-');
}

export type MarkdownProps = {
  readonly text: string;
  /** Called when a task of the text's own is ticked: its number from 0, and whether it is done now. Without it tasks are only shown. */
  readonly onTask?: ((index: number, checked: boolean) => void) | undefined;
  readonly base: string | null;
  /** Whose issue it is: pictures that need a login are asked for with this connection's. */
  readonly connection: string | undefined;
};

/** A picture that the server could not get may still be one that the browser can. */
function tryOwnAddress({ target }: Event): void {
  if (!(target instanceof HTMLImageElement)) return;
  const own = ownAddress(target.src);
  if (own !== null) target.src = own;
}

export function Markdown({ text, base, connection, onTask }: MarkdownProps) {
  const places = useFilePlaces();
  const refs = useKnownRefs();
  const html = useMemo(
    () =>
      renderMarkdown(
        text,
        base,
        {
          picture: (address) => fileAddress(address, places, connection),
          file: (address) => linkedFile(address, places, connection),
        },
        refs,
      ),
    [text, base, places, connection, refs],
  );
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = container.current;
    // An image's error does not bubble.
    element?.addEventListener("error", tryOwnAddress, true);
    return () => element?.removeEventListener("error", tryOwnAddress, true);
  }, []);
  useEffect(() => {
    const element = container.current;
    if (element === null || !namesLanguage(html)) return;
    import("./highlight-code.ts").then(
      ({ highlightCode }) => highlightCode(element),
      // Without colours the code is there all the same.
      () => undefined,
    );
  }, [html]);
  useEffect(() => {
    const element = container.current;
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest(`a[${refAttribute}]`) : null;
      const address = link?.getAttribute(refAttribute);
      if (address != null) followIssueLink(event, address);
    };
    element?.addEventListener("click", onClick);
    return () => element?.removeEventListener("click", onClick);
  }, []);
  // After the text is put in, which makes its boxes anew.
  useEffect(() => {
    for (const box of container.current?.querySelectorAll<HTMLInputElement>("input[type=checkbox]") ?? []) {
      box.disabled = onTask === undefined;
      box.ariaLabel = box.closest("li")?.textContent.trim().slice(0, 200) ?? "Task";
    }
  }, [html, onTask]);
  useEffect(() => {
    // What scrolls sideways can be scrolled without a pointer, too: also where it does so once there is less room.
    const blocks = container.current?.querySelectorAll<HTMLElement>("pre, table") ?? [];
    const observer = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        if (target instanceof HTMLElement && target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      }
    });
    for (const block of blocks) observer.observe(block);
    return () => observer.disconnect();
  }, [html]);
  useEffect(() => {
    const element = container.current;
    if (element === null || onTask === undefined) return undefined;
    const onChange = ({ target }: Event) => {
      const boxes = [...element.querySelectorAll("input[type=checkbox]")];
      if (target instanceof HTMLInputElement) onTask(boxes.indexOf(target), target.checked);
    };
    element.addEventListener("change", onChange);
    return () => element.removeEventListener("change", onChange);
  }, [onTask]);
  // oxlint-disable-next-line react/no-danger -- this is what renderMarkdown sanitises for
  return <div ref={container} className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
