import assert from "node:assert/strict";
import type { Emulator, World } from "../../emulators/emulator.ts";
import { makeEmulatedHome } from "../../src/cli/fixture.ts";
import { parse } from "./assert-finished.ts";

/** An emulator's first source; `word`: the prefix of its issues' refs. */
type Hub = { readonly emulator: Emulator; readonly world: World; readonly key: string; readonly word: string };

export type SyncedHome = Awaited<ReturnType<typeof makeEmulatedHome>> & {
  /** The current number of issues in all emulators. */
  total(): number;
  /** The GitHub emulator's first source, where a change is a single call. */
  readonly hub: Hub;
};

/** A home for emulators with this many issues each, all of them mirrored. */
export async function makeSyncedHome(issues: number): Promise<SyncedHome> {
  const home = await makeEmulatedHome(issues);
  const total = () => Object.values(home.emulators).reduce((sum, { world }) => sum + world.issues().length, 0);
  const synced = parse<{ changed: number; failures: unknown[] }>(await home.pan("sync", "--json"));
  assert.equal(synced.changed, total());
  assert.deepEqual(synced.failures, []);
  const emulator = home.emulators["github"];
  const source = emulator?.sources[0];
  assert.ok(emulator && source);
  const hub = { emulator, world: emulator.world, key: source.key, word: source.key.split("/")[1] ?? "" };
  return { ...home, total, hub };
}
