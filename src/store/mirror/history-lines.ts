import { sql } from "kysely";
import { statuses } from "../../domain/status.ts";
import type { BulkRow, Trx } from "../database/database.ts";
import { historyRows } from "../schema/bulk-tables.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { fieldLines } from "./field-lines.ts";
import type { News } from "./find-news.ts";
import type { Line } from "./history-line.ts";
import type { Look } from "./write-news.ts";

/** Writes changes made in the tracker to the history; an issue seen for the first time gets none. `looks` is in the order of `news`. */
export async function writeHistory(
  db: Trx,
  source: SourceRecord,
  news: readonly News[],
  looks: readonly Look[],
  now: number,
): Promise<void> {
  const logins = await findLogins(db, source.connectionId, news);
  const others = await fieldLines(db, source, news);
  const rows: BulkRow[] = [];
  news.forEach(({ id, issue, shown, before }, index) => {
    const look = looks[index];
    if (!before || !look) return;
    const lines: Line[] = [];
    const { row } = before;
    if (row.status !== look.status) {
      lines.push({ field: "status", from: statuses[row.status] ?? null, to: statuses[look.status] ?? null });
    }
    if (row.title !== look.title) lines.push({ field: "title", from: row.title, to: look.title });
    if (row.priority !== look.priority) {
      lines.push({ field: "priority", from: String(row.priority), to: String(look.priority) });
    }
    const names = (ids: readonly string[]) =>
      ids.map((nativeId) => logins.get(nativeId) ?? nativeId).join(", ") || null;
    // Compare the shown versions: an own change is already in the history.
    if (!sameMembers(before.shown.assigneeIds, shown.assigneeIds)) {
      lines.push({ field: "assignee", from: names(before.shown.assigneeIds), to: names(shown.assigneeIds) });
    }
    lines.push(...(others[index] ?? []));
    // The tracker's update time if the change moved it, otherwise the time it was seen.
    const at = issue.updatedAt > before.issue.updatedAt ? Math.min(issue.updatedAt, now) : now;
    rows.push(...lines.map((line) => toHistoryRow(id, at, look.ref, look.title, line)));
  });
  await db.dialect.insertMany(db, historyRows, rows);
}

/** A history row for a change in the tracker, at the time `at` in milliseconds. */
export function toHistoryRow(issueId: number, at: number, ref: string, title: string, line: Line): BulkRow {
  return [issueId, at, ref, title, "tracker", line.field, line.from, line.to, "written", null, null];
}

async function findLogins(db: Trx, connectionId: number, news: readonly News[]): Promise<ReadonlyMap<string, string>> {
  const ids = news.flatMap(({ shown, before }) => (before ? [...before.shown.assigneeIds, ...shown.assigneeIds] : []));
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ native_id: string; login: string }>`
    select native_id, login from person
    where scope_id = ${connectionId} and native_id in ${db.dialect.list([...new Set(ids)])}`.execute(db);
  return new Map(rows.map((row) => [row.native_id, row.login]));
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.toSorted().join("\n") === b.toSorted().join("\n");
}
