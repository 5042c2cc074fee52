import { useSyncExternalStore } from "react";
import { readKept, writeKept } from "../../ui/kept-text.ts";

/** What can be left out of a card; `compact`: cards are as low as they can be. */
export const cardParts = ["labels", "state", "estimate", "due", "comments", "blockers", "children"] as const;

export type CardPart = (typeof cardParts)[number];

/** Which parts cards show, and whether they are compact. The same object until it is changed. */
export type CardLook = { readonly shows: ReadonlySet<CardPart>; readonly compact: boolean };

export const usualLook: CardLook = {
  shows: new Set(["labels", "state", "comments", "blockers", "children"]),
  compact: false,
};

const storageKey = "panopticon.cards";
const compactWord = "compact";
const listeners = new Set<() => void>();
let look = stored();

function isCardPart(word: string): word is CardPart {
  return (cardParts as readonly string[]).includes(word);
}

function stored(): CardLook {
  const written = readKept(storageKey);
  if (written === null) return usualLook;
  const words = written.split(" ");
  return { shows: new Set(words.filter(isCardPart)), compact: words.includes(compactWord) };
}

/** Changes how cards look, on the screen and for the next visit. */
export function setCardLook(next: CardLook): void {
  look = next;
  writeKept(storageKey, next === usualLook ? null : [...next.shows, ...(next.compact ? [compactWord] : [])].join(" "));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How cards look in this browser. */
export function useCardLook(): CardLook {
  return useSyncExternalStore(subscribe, () => look);
}
