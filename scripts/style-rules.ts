/** A stylesheet: its path in the repository, and its text. */
export type Stylesheet = { readonly file: string; readonly text: string };

/** Loaded with the first page, always in the same order. */
const loadedFirst = /^web\/src\/styles\//;

/** Selectors that two stylesheets have rules for. Pages load their styles on demand, so which rule wins would depend on what was opened before. One sentence each. */
export function doubledSelectors(sheets: readonly Stylesheet[]): string[] {
  const filesOf = new Map<string, Set<string>>();
  for (const { file, text } of sheets) {
    for (const selector of selectorsIn(text)) {
      const files = filesOf.get(selector) ?? new Set();
      filesOf.set(selector, files.add(file));
    }
  }
  return [...filesOf].flatMap(([selector, files]) =>
    files.size < 2 || [...files].every((file) => loadedFirst.test(file))
      ? []
      : [`${[...files].join(" and ")} both style ${selector}: which wins depends on what was opened before`],
  );
}

function selectorsIn(text: string): string[] {
  return [...text.replaceAll(/\/\*.*?\*\//gs, "").matchAll(/([^{};]+)\{/g)]
    .map(([, prelude = ""]) => prelude.trim())
    .filter((prelude) => !prelude.startsWith("@") && !/^(?:from|to|[\d.]+%)/.test(prelude))
    .flatMap(splitList)
    .map((selector) => selector.trim().replaceAll(/\s+/g, " "));
}

/** Splits a selector list at its commas, except within brackets. */
function splitList(list: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const letter of list) {
    if (letter === "(") depth += 1;
    if (letter === ")") depth -= 1;
    if (letter === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
