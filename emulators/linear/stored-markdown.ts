/**
 * Rewrites markdown like Linear, which stores a document of its own and renders it anew: bullets become `*`, `_emphasis_` becomes `*emphasis*`, ordered lists
 * are renumbered, URLs get angle brackets, runs of empty lines shrink, trailing spaces are removed. Code stays.
 * Based on reports of API users; it is not documented.
 */
export function toStoredMarkdown(markdown: string): string {
  const lines: string[] = [];
  let fence: string | null = null;
  let counting = { indent: "", number: 0 };
  for (const line of markdown.replaceAll("\r\n", "\n").split("\n")) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== null || mark !== undefined) {
      lines.push(line);
      counting = { indent: "", number: 0 };
      if (fence === null) fence = mark ?? null;
      else if (mark?.startsWith(fence)) fence = null;
      continue;
    }
    const text = line.trimEnd();
    if (text === "" && (lines.length === 0 || lines.at(-1) === "")) continue;
    const ordered = /^(\s*)(\d{1,9})([.)]) (.*)$/.exec(text);
    if (ordered !== null) {
      const [, indent = "", number = "1", , rest = ""] = ordered;
      const goesOn = counting.number > 0 && counting.indent === indent;
      counting = { indent, number: goesOn ? counting.number + 1 : Number(number) };
      lines.push(`${indent}${counting.number}. ${rewriteInline(rest)}`);
      continue;
    }
    if (text !== "") counting = { indent: "", number: 0 };
    lines.push(rewriteInline(text.replace(/^(\s*)[-+] (?!\[[ xX]\] )/, "$1* ")));
  }
  while (lines.at(-1) === "") lines.pop();
  return lines.join("\n");
}

/** Matches code, links and bare URLs before emphasis, because they may contain underscores. */
const inline =
  /(`+)(?:(?!\1)[\s\S])*\1|\[([^\][]*)\]\(([^\s()<>]+)\)|<(https?:\/\/[^\s<>]+)>|(?<![\w(<[])https?:\/\/[^\s<>()]+|(?<![\w_\\])(_{1,2})(?=\S)([^_\n]+?)(?<=\S)\5(?![\w_])/g;

function rewriteInline(text: string): string {
  return text.replace(inline, (whole: string, ...groups: (string | undefined)[]) => {
    const [tick, label, target, , underscores, emphasized] = groups;
    if (tick !== undefined) return whole;
    if (target !== undefined) return `[${label ?? ""}](<${target}>)`;
    if (underscores !== undefined)
      return `${"*".repeat(underscores.length)}${emphasized ?? ""}${"*".repeat(underscores.length)}`;
    return whole.startsWith("<") ? whole : `<${whole}>`;
  });
}
