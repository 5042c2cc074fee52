import assert from "node:assert/strict";
import { addSources } from "./each-database.ts";
import { makeIssue, makePage, makeSource } from "./store-fixtures.ts";
import type { FieldChange } from "../../src/domain/operation.ts";
import type { Store } from "../../src/store/store.ts";
import type { Author } from "../../src/store/outbox/outbox.ts";

export const by: Author = { actor: "you", session: "s1" };

/** A change of an issue's title. */
export const title = (from: string, to: string): FieldChange => ({ field: "title", from, to });

/** The card of a ref on the board. */
export async function cardOf(store: Store, ref: string) {
  const { issues } = await store.board.issues({
    filter: {},
    sort: { key: "created", reverse: true },
    limit: 100,
    cursor: null,
    me: {},
  });
  const card = issues.find((one) => one.ref === ref);
  assert.ok(card, `${ref} is on the board`);
  return card;
}

/** Adds two issues of one source to the mirror; `id` is the first one's. */
export async function setTwoIssues(store: Store, part: Parameters<typeof makeSource>[1] = {}) {
  const [source = 0] = await addSources(store, makeSource("acme/shop", part));
  await store.mirror.applyPage(source, makePage([makeIssue(1), makeIssue(2)]));
  const { id } = await cardOf(store, "shop#1");
  return { store, source, id };
}
