import { useSyncExternalStore } from "react";
import { readKept, writeKept } from "../../ui/kept-text.ts";

/** The optional parts of a card. */
export const cardParts = ["labels", "state", "estimate", "due", "comments", "blockers", "children"] as const;

export type CardPart = (typeof cardParts)[number];

/** Which parts cards show, and whether they have the least height. The same object until it changes. */
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

/** The card look chosen in this browser. */
export function useCardLook(): CardLook {
  return useSyncExternalStore(subscribe, () => look);
}
