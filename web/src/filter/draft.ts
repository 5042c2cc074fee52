import { isChipKey, type ChipKey } from "./board-query.ts";

/** What stands in the filter field: free text, and a condition that is being typed at its end. */
export type Draft = {
  readonly text: string;
  readonly typing: { readonly key: ChipKey; readonly value: string } | null;
};

/**
 * Splits the field's content: `conflict label:in rev` is the text `conflict` and the label `in rev` being typed.
 * Quotes around the value are taken off. A word before a colon that is no filter (`http://`) stays text.
 */
export function parseDraft(input: string): Draft {
  const match = /(?:^|\s)([a-z]+):([^:]*)$/i.exec(input);
  const key = match?.[1]?.toLowerCase() ?? "";
  if (!match || !isChipKey(key)) return { text: input, typing: null };
  return {
    text: input.slice(0, match.index).trim(),
    typing: { key, value: (match[2] ?? "").trim().replace(/^"([^"]*)"?$/, "$1") },
  };
}
