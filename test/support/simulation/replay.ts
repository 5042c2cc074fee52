import assert from "node:assert/strict";
import type { Store } from "../../../src/store/store.ts";
import { readAllCards } from "../compare.ts";

/** What a client saw before it disconnected, and the change log's number then. */
export type Seen = { readonly sequence: number; readonly cards: ReadonlyMap<string, string> };

/** Every card as it is now. */
export async function see(store: Store): Promise<Seen> {
  const sequence = await store.changes.sequence();
  return { sequence, cards: new Map((await readAllCards(store)).map((card) => [card.ref, JSON.stringify(card)])) };
}

/** Invariant I4: a client that returns with an old number learns of every card that changed since, and of the log's latest number. */
export async function assertReplayEquals(store: Store, before: Seen): Promise<void> {
  const now = await see(store);
  const replay = await store.changes.since(before.sequence);
  assert.ok(replay, "the log still knows the number");
  assert.equal(replay.sequence, now.sequence);
  const told = new Set(replay.refs);
  for (const ref of new Set([...before.cards.keys(), ...now.cards.keys()])) {
    if (before.cards.get(ref) !== now.cards.get(ref))
      assert.ok(told.has(ref), `${ref} changed and the log does not tell`);
  }
}
