import assert from "node:assert/strict";
import { inventedIssue, putIssues } from "./invented-issues.ts";
import type { ServerHarness } from "./server-harness.ts";

/** Changes an issue of an invented mirror, by its ref, as a sync run would; one that was removed comes back. */
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

/** Takes an issue out of an invented mirror, by its ref, as a sync run does that finds it deleted. */
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
