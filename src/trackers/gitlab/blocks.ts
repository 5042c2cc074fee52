/** What a line of markdown belongs to: `kept` is a fenced block whose lines every version of GitLab leaves alone. */
export type Place = "text" | "html" | "code" | "kept";

export type PlacedLine = { readonly line: string; readonly place: Place };

const fence = /^( {0,3})(`{3,}|~{3,})([^\n]*)$/;
const tag = /^ {0,3}<(?:[a-z][\w-]*(?=[\s/>]|$)|\/[a-z]|!--|[?!])/i;

/** Constructs of GitLab's own that may end before a fence inside them does: front matter, quoted blocks, formulas. */
const unusual = /^(?:---|\+\+\+|;;;|>>>|\$\$)/m;

/** The lines of a text with what each belongs to, and whether a fence is still open at its end. */
export function placeLines(text: string): { readonly lines: readonly PlacedLine[]; readonly isOpen: boolean } {
  const source = text.split("\n");
  const isUsual = !unusual.test(text);
  const lines: PlacedLine[] = [];
  let open: { readonly sign: string; readonly place: Place } | null = null;
  let isHtml = false;
  source.forEach((line, index) => {
    if (open !== null) {
      lines.push({ line, place: open.place });
      if (isEnd(line, open.sign)) open = null;
      return;
    }
    const start = isHtml ? null : fence.exec(line);
    const sign = start?.[2] ?? "";
    if (sign !== "" && !(sign.startsWith("`") && start?.[3]?.includes("`") === true)) {
      const isPlain = isUsual && sign === "```" && start?.[1] === "" && source.indexOf("```", index + 1) !== -1;
      open = { sign, place: isPlain ? "kept" : "code" };
      lines.push({ line, place: open.place });
      return;
    }
    isHtml = line.trim() !== "" && (isHtml || tag.test(line));
    lines.push({ line, place: isHtml ? "html" : "text" });
  });
  return { lines, isOpen: open !== null };
}

function isEnd(line: string, sign: string): boolean {
  const end = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1] ?? "";
  return end.length >= sign.length && end.startsWith(sign);
}
