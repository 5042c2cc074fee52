import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import { isPanopticonError } from "../../src/domain/error.ts";
import { assertMirrorEquals, readAllCards } from "../support/compare.ts";
import { createTestMirror, type TestMirror } from "../support/mirror.ts";
import { assertSays } from "./plain-words.ts";

const issues = 60;
/** Free pages when the changes come. */
const sparePages = 4;
const longText = "A text that takes room. ".repeat(150);

/**
 * The disk fills up in the middle of a tracker's sync: this is reported, stored data stays, a change is acknowledged only if it is on disk, and everything
 * continues once there is space. All mirrors share the disk, so there are no unaffected trackers.
 */
export async function runFullDisk(tracker: string, seed: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "panopticon-full-"));
  const emulator = await startEmulator(tracker, { issues, seed, sources: 1, largestPage: 20 });
  let open: TestMirror | null = null;
  try {
    open = await createTestMirror([emulator], { folder });
    assert.deepEqual((await open.sync.syncNow()).failures, []);
    await open.close();
    const before = countPages(folder);
    for (const { nativeId } of emulator.world.issues()) emulator.world.edit(nativeId, { body: longText });

    open = await createTestMirror([emulator], { folder, maxPages: before + sparePages });
    const { failures } = await open.sync.syncNow();
    assert.equal(failures.length, 1, "the sync ends for want of room");
    const [status] = open.sync.status();
    const { message = "", hint = null } = status?.error ?? {};
    assertSays({ message, hint }, /The disk that holds the mirror \S+ is full\./);
    assert.equal((await readAllCards(open.store)).length, issues, "what was stored is still there");
    const acknowledged = await rename(open, seed);
    await open.close();

    open = await createTestMirror([emulator], { folder });
    await open.sync.deliver(20_000);
    assert.deepEqual((await open.sync.syncNow()).failures, []);
    assertRenamed(emulator, acknowledged);
    await assertMirrorEquals(open.store, [emulator]);
    assert.deepEqual(await open.store.check(), []);
  } finally {
    await open?.close();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function countPages(folder: string): number {
  const db = new DatabaseSync(join(folder, "mirror.db"), { readOnly: true });
  try {
    return Number(db.prepare("pragma page_count").get()?.["page_count"]);
  } finally {
    db.close();
  }
}

type Renames = { readonly sure: ReadonlyMap<string, string>; readonly refused: ReadonlyMap<string, string> };

/** Renames existing issues on a full disk: each rename is either on disk, or refused with the reason. */
async function rename({ store }: TestMirror, seed: number): Promise<Renames> {
  const sure = new Map<string, string>();
  const refused = new Map<string, string>();
  for (const [index, { id, nativeId, title }] of (await readAllCards(store)).slice(0, 20).entries()) {
    const to = `Renamed ${seed} ${index} ${"long ".repeat(20)}`.trim();
    try {
      await store.outbox.edit(id, [{ field: "title", from: title, to }], { actor: "you", session: "full disk" });
      sure.set(nativeId, to);
    } catch (error) {
      assert.ok(isPanopticonError(error), String(error));
      assertSays({ message: error.message, hint: error.hint ?? null }, /is full\./);
      refused.set(nativeId, to);
    }
  }
  return { sure, refused };
}

function assertRenamed({ world, tracker }: Emulator, { sure, refused }: Renames): void {
  for (const { nativeId, title } of world.issues()) {
    if (sure.has(nativeId)) assert.equal(title, sure.get(nativeId), `${tracker}: an acknowledged change`);
    if (refused.has(nativeId)) assert.notEqual(title, refused.get(nativeId), `${tracker}: a refused change`);
  }
}
