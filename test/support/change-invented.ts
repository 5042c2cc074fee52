import assert from "node:assert/strict";
import { inventedIssue, putIssues } from "./invented-issues.ts";
import type { ServerHarness } from "./server-harness.ts";

/** Changes an issue of a made-up mirror, by its ref, as a sync would; brings a removed one back. */
export async function changeInvented(
  harness: ServerHarness,
  ref: string,
  changes: Parameters<typeof inventedIssue>[2],
): Promise<void> {
  const { store, sync } = harness;
  const { source, number } = await findInvented(harness, ref);
  const now = Date.now();
  const issue = inventedIssue(source, number, { updatedAt: now, ...changes });
  const changed = await putIssues(store, source, [issue], now);
  sync.emit({ type: "change", sequence: changed.sequence, refs: changed.refs });
}

/** Removes an issue of a made-up mirror, by its ref, as a sync that finds it deleted would. */
export async function removeInvented(harness: ServerHarness, ref: string): Promise<void> {
  const { store, sync } = harness;
  const { source, number } = await findInvented(harness, ref);
  const changed = await store.mirror.remove(source.id, [inventedIssue(source, number).nativeId], "gone");
  sync.emit({ type: "change", sequence: changed.sequence, refs: changed.refs });
}

async function findInvented({ store }: ServerHarness, ref: string) {
  const [prefix = "", number = ""] = ref.split(/[#-]/);
  const sources = await store.sources.list();
  const source = sources.find(({ config }) => config.refPrefix === prefix || config.key === prefix);
  assert.ok(source, ref);
  return { source, number: Number(number) };
}
