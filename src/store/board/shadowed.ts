import { sql } from "kysely";
import { statusOf } from "../../domain/mapping.ts";
import type { Trx } from "../database/database.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import type { IssueCard } from "./issue-card.ts";

/** The tracker's status of issues in shadowed projects, if it differs from the shown one. */
export async function findShadowed(
  db: Trx,
  rows: readonly { readonly id: number; readonly source_id: number; readonly state_id: string }[],
  sources: readonly SourceRecord[],
): Promise<ReadonlyMap<number, NonNullable<IssueCard["shadow"]>>> {
  const shadowing = new Map(sources.filter(({ config }) => config.shadow).map((source) => [source.id, source]));
  const candidates = rows.filter((row) => shadowing.has(row.source_id));
  const found = new Map<number, NonNullable<IssueCard["shadow"]>>();
  if (candidates.length === 0) return found;
  const ids = db.dialect.list(candidates.map((row) => row.id));
  const kept = await sql<{ issue_id: number }>`select issue_id from shadow where issue_id in ${ids}`.execute(db);
  const labels = await sql<{ issue_id: number; name: string }>`
    select il.issue_id, l.name from issue_label il join label l on l.id = il.label_id where il.issue_id in ${ids}`.execute(
    db,
  );
  const hasOwn = new Set(kept.rows.map((row) => row.issue_id));
  for (const row of candidates) {
    const mapping = shadowing.get(row.source_id)?.mapping;
    if (!hasOwn.has(row.id) || !mapping) continue;
    const names = labels.rows.filter((label) => label.issue_id === row.id).map((label) => label.name);
    found.set(row.id, { trackerStatus: statusOf(mapping, { stateId: row.state_id, labels: names }) });
  }
  return found;
}
