import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { moveDrafts } from "../../editor/drafts.ts";
import { cardKey } from "./board-data.ts";

/** Addresses of issues created on this page that no tracker has named yet, by their keys. */
const unnamed = new Map<string, string>();
const names = new Map<string, string>();

/** Expects the tracker to name a new issue, which gives it another key. */
export function awaitName(issue: IssueShape): void {
  unnamed.set(cardKey(issue), issue.address);
}

/** The key by which data that was read last lists an issue. */
export function keyNow(key: string): string {
  return names.get(key) ?? key;
}

/** The key by which data that was read before an issue was named lists it; the key itself if it is not known as a new one. */
export function firstKey(key: string): string {
  for (const [first, now] of names) if (now === key) return first;
  return key;
}

/** Notes the name of a new issue if `issue`, which was read by `address`, has got one. */
export function noteName(address: string, issue: IssueShape): void {
  for (const [key, own] of unnamed) {
    if (own !== address || cardKey(issue) === key) continue;
    names.set(key, cardKey(issue));
    moveDrafts(key, cardKey(issue));
    unnamed.delete(key);
  }
}

/** Reads the new issues that are not among `cards` under their first keys, to learn their names before the cards are shown. */
export async function learnNames(
  cards: readonly IssueShape[],
  read: (address: string) => Promise<IssueShape>,
): Promise<void> {
  if (unnamed.size === 0) return;
  const listed = new Set(cards.map(cardKey));
  const missing = [...unnamed].filter(([key]) => !listed.has(key));
  await Promise.allSettled(missing.map(async ([, address]) => noteName(address, await read(address))));
}
