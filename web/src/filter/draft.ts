import { isChipKey, type ChipKey } from "./board-query.ts";

/** The content of the filter field: free text, and the condition being typed at its end. */
export type Draft = {
  readonly text: string;
  readonly typing: { readonly key: ChipKey; readonly value: string } | null;
};

/**
 * Splits the field's content: `conflict label:in rev` is the text `conflict` and the condition `label` with the partial value `in rev`. Quotes around the value
 * are removed; colons inside it are kept (`label:type::bug`). A word before a colon that is no filter key (`http://`) stays text.
 */
export function parseDraft(input: string): Draft {
  for (const match of [...input.matchAll(/(?:^|\s)([a-z]+):/gi)].toReversed()) {
    const key = match[1]?.toLowerCase() ?? "";
    if (!isChipKey(key)) continue;
    const value = input.slice(match.index + match[0].length).trim();
    return {
      text: input.slice(0, match.index).trim(),
      typing: { key, value: value.replace(/^"([^"]*)"?$/, "$1") },
    };
  }
  return { text: input, typing: null };
}
