import { sql } from "kysely";
import { statuses } from "../../domain/status.ts";
import type { Trx } from "../database/database.ts";
import { historyRows } from "../schema/bulk-tables.ts";
import { findLinkedRefs } from "../links/link-store.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { count } from "./change-set.ts";
import type { ChangeSet } from "./change-set.ts";
import { toHistoryRow } from "./history-lines.ts";
import type { Mirrored } from "./mirrored.ts";

/** Issues that leave the mirror, and why: `gone` adds a history line, `outside` (older than the history window) does not. */
export type Leaving = {
  readonly source: SourceRecord;
  readonly issues: readonly Mirrored[];
  readonly why: "gone" | "outside";
  readonly now: number;
};

/** Removes issues from the mirror. */
export async function deleteIssues(db: Trx, { source, issues, why, now }: Leaving, changes: ChangeSet): Promise<void> {
  if (issues.length === 0) return;
  const ids = issues.map((issue) => issue.id);
  await db.dialect.search.remove(db, ids);
  for (const ref of await findLinkedRefs(db, ids)) changes.refs.add(ref);
  await sql`delete from issue where id in ${db.dialect.list(ids)}`.execute(db);
  if (why === "gone") {
    const rows = issues.map((issue) =>
      toHistoryRow(issue.id, now, issue.ref, issue.title, {
        field: "gone",
        from: statuses[issue.status] ?? null,
        to: null,
      }),
    );
    await db.dialect.insertMany(db, historyRows, rows);
  }
  for (const [sourceId, own] of Map.groupBy(issues, (issue) => issue.sourceId)) {
    const gone = own.map((issue) => issue.id);
    await sql`update history set source_id = ${sourceId} where issue_id in ${db.dialect.list(gone)}`.execute(db);
  }
  for (const issue of issues) {
    count(changes, issue.sourceId, issue.status, -1);
    changes.refs.add(issue.ref);
    changes.affected.push({ nativeId: issue.nativeId, key: issue.key, sourceKey: source.config.key });
    if (issue.parent !== null) changes.parents.add(issue.parent);
  }
  changes.removed += issues.length;
}
