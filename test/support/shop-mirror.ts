import assert from "node:assert/strict";
import type { Store } from "../../src/store/store.ts";
import { addSources } from "./each-database.ts";
import { makeSource } from "./store-fixtures.ts";

export const shop = makeSource("acme/shop");

const byUpdate = { key: "updated", reverse: false } as const;

/** An empty mirror with one source, `acme/shop`. */
export async function openShop(open: () => Promise<Store>): Promise<{ store: Store; source: number }> {
  const store = await open();
  const [source = 0] = await addSources(store, shop);
  return { store, source };
}

/** All cards, most recently updated first. */
export async function list(store: Store) {
  const { issues } = await store.board.issues({ filter: {}, sort: byUpdate, limit: 100, cursor: null, me: {} });
  return issues;
}

/** The card of a ref; throws if it is not on the board. */
export async function card(store: Store, ref: string) {
  const found = (await list(store)).find((issue) => issue.ref === ref);
  assert.ok(found, `${ref} is on the board`);
  return found;
}
