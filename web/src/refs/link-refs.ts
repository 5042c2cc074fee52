/** Refs that a text may mention, in lower case, with their issues' addresses. */
export type KnownRefs = ReadonlyMap<string, string>;

/** The attribute of a link that holds its issue's address. */
export const refAttribute = "data-issue";

function pattern(refs: KnownRefs): RegExp {
  const words = [...refs.keys()]
    .toSorted((a, b) => b.length - a.length)
    .map((ref) => ref.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return new RegExp(`(?<![\\w/#!.-])(?:${words.join("|")})(?![\\w-])`, "gi");
}

/** Turns known refs in sanitised HTML into links, except inside links and code. */
export function linkRefs(root: DocumentFragment, refs: KnownRefs, pathOf: (address: string) => string): void {
  if (refs.size === 0) return;
  const ref = pattern(refs);
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node instanceof Text && node.parentElement?.closest("a, code, pre, kbd, samp") == null) found.push(node);
  }
  for (const node of found) {
    const parts: Node[] = [];
    let end = 0;
    for (const match of node.data.matchAll(ref)) {
      const address = refs.get(match[0].toLowerCase());
      if (address === undefined) continue;
      const link = document.createElement("a");
      link.className = "ref-link";
      link.href = pathOf(address);
      link.setAttribute(refAttribute, address);
      link.textContent = match[0];
      parts.push(document.createTextNode(node.data.slice(end, match.index)), link);
      end = match.index + match[0].length;
    }
    if (parts.length > 0) node.replaceWith(...parts, document.createTextNode(node.data.slice(end)));
  }
}
