import { sql } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import type { WorkChange } from "../../domain/work-records.ts";
import type { WorkIssue } from "../../domain/workspace.ts";
import type { Trx } from "../database/database.ts";
import { emptyChangeSet, writeChanges } from "../mirror/change-set.ts";

/** The issue columns of a workspace or agent row. */
export type KeptIssue = {
  readonly issue_id: number;
  readonly connection: string;
  readonly native_id: string;
  readonly ref: string;
  readonly title: string;
  readonly tracker: string;
};

/** Reads these columns of an issue. Throws `not_found`. */
export async function getIssue(db: Trx, issueId: number): Promise<KeptIssue & { readonly project: string }> {
  const { rows } = await sql<{ native_id: string; ref: string; title: string; config: string }>`
    select c.native_id, c.ref, c.title, s.config
    from card c join source s on s.id = c.source_id
    where c.issue_id = ${issueId}`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new PanopticonError("not_found", "This issue is no longer in the mirror.");
  const { tracker, connection, project } = JSON.parse(row.config) as {
    tracker: string;
    connection: string;
    project: string;
  };
  const { native_id, ref, title } = row;
  return { issue_id: issueId, connection, native_id, ref, title, tracker, project };
}

type Live = { readonly issue_id: number; readonly ref: string; readonly title: string };

/**
 * The present mirrored issues of rows, by the row's `issue_id`: the same row, or one that came back under another id. Leaves out issues that are no longer
 * mirrored.
 */
export async function findLive(db: Trx, rows: readonly KeptIssue[]): Promise<ReadonlyMap<number, Live>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map((row) => row.issue_id);
  const { rows: cards } = await sql<Live>`
    select issue_id, ref, title from card where issue_id in ${db.dialect.list(ids)}`.execute(db);
  const live = new Map(cards.map((card) => [card.issue_id, card]));
  const gone = rows.filter((row) => !live.has(row.issue_id));
  if (gone.length === 0) return live;
  const { rows: back } = await sql<Live & { native_id: string; connection: string }>`
    select c.issue_id, c.ref, c.title, c.native_id, n.name as connection
    from card c join connection n on n.id = c.connection_id
    where c.native_id in ${db.dialect.list(gone.map((row) => row.native_id))}`.execute(db);
  for (const row of gone) {
    const found = back.find((card) => card.native_id === row.native_id && card.connection === row.connection);
    if (found !== undefined) live.set(row.issue_id, found);
  }
  return live;
}

/** The issue of a row, as mirrored now or as last known. */
export function toWorkIssue(row: KeptIssue, live: ReadonlyMap<number, Live>): WorkIssue {
  const now = live.get(row.issue_id);
  return {
    issueId: now?.issue_id ?? null,
    ref: now?.ref ?? row.ref,
    title: now?.title ?? row.title,
    tracker: row.tracker,
  };
}

/** Logs a change of an issue's card, because its work changed. */
export async function tellCard(db: Trx, issueId: number): Promise<WorkChange> {
  const changes = emptyChangeSet();
  const { rows } = await sql<{ ref: string }>`select ref from card where issue_id = ${issueId}`.execute(db);
  for (const { ref } of rows) changes.refs.add(ref);
  // No other issue changes with it, so the connection does not matter.
  return writeChanges(db, 0, changes);
}
