import assert from "node:assert/strict";
import { inventedIssue, putIssues } from "./invented-issues.ts";
import type { ServerHarness } from "./server-harness.ts";

/** Changes an issue of an invented mirror, by its ref, as a sync run would. */
export async function changeInvented(
  { store, sync }: ServerHarness,
  ref: string,
  changes: Parameters<typeof inventedIssue>[2],
): Promise<void> {
  const [prefix = "", number = ""] = ref.split(/[#-]/);
  const sources = await store.sources.list();
  const source = sources.find(({ config }) => config.refPrefix === prefix || config.key === prefix);
  assert.ok(source, ref);
  const now = Date.now();
  const issue = inventedIssue(source, Number(number), { updatedAt: now, ...changes });
  const changed = await putIssues(store, source, [issue], now);
  sync.emit({ type: "change", sequence: changed.sequence, refs: changed.refs });
}
