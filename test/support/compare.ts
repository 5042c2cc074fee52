import assert from "node:assert/strict";
import type { Emulator } from "../../emulators/emulator.ts";
import { foldName } from "../../src/domain/fold-name.ts";
import type { IssueCard } from "../../src/store/board/issue-card.ts";
import type { Store } from "../../src/store/store.ts";

/** Every card of the mirror, read page by page through the public interface. */
export async function readAllCards(store: Store): Promise<IssueCard[]> {
  const cards: IssueCard[] = [];
  let cursor: string | null = null;
  do {
    const window: Awaited<ReturnType<Store["board"]["issues"]>> = await store.board.issues({
      filter: {},
      sort: { key: "created", reverse: false },
      limit: 500,
      cursor,
      me: {},
    });
    cards.push(...window.issues);
    cursor = window.cursor;
    if (cursor === null) assert.equal(window.total, cards.length, "the total is the number of cards");
  } while (cursor !== null);
  return cards;
}

/** Invariant I1: the mirror equals the trackers. `except`: native ids known to differ. */
export async function assertMirrorEquals(
  store: Store,
  emulators: readonly Emulator[],
  except: ReadonlySet<string> = new Set(),
): Promise<void> {
  const cards = new Map((await readAllCards(store)).map((card) => [`${card.tracker} ${card.nativeId}`, card]));
  const expected = emulators.flatMap((emulator) =>
    emulator.world.issues().map((issue) => ({ tracker: emulator.tracker, issue })),
  );
  for (const { tracker, issue } of expected) {
    if (except.has(issue.nativeId)) continue;
    const card = cards.get(`${tracker} ${issue.nativeId}`);
    assert.ok(card, `${tracker} ${issue.key} "${issue.title}" is in the mirror`);
    assert.equal(card.title, issue.title, `title of ${issue.key}`);
    assert.deepEqual(card.labels.map((label) => label.name).sort(), [...issue.labels].sort(), `labels of ${issue.key}`);
    assert.deepEqual(
      card.assignees.map((person) => person.login).sort(),
      [...issue.assignees].sort(),
      `assignees of ${issue.key}`,
    );
    // If a tracker has no canceled state, a tag expresses it, whatever the state; elsewhere such a label may remain on an open issue and has no meaning.
    const isTagged = issue.labels.some((label) => foldName(label) === foldName("canceled"));
    const isCanceled = card.status === "canceled" && isTagged;
    const isFinished = card.status === "done" || card.status === "canceled";
    assert.equal(isFinished, issue.closed || isCanceled, `closed of ${issue.key}`);
  }
  const known = new Set(expected.map(({ tracker, issue }) => `${tracker} ${issue.nativeId}`));
  for (const [id, card] of cards) {
    if (!except.has(card.nativeId)) assert.ok(known.has(id), `${card.ref} is gone in the tracker but still shown`);
  }
}
