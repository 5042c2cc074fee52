import { sql } from "kysely";
import { statuses } from "../domain/status.ts";
import { readCards } from "./board/cards.ts";
import type { Database } from "./database/database.ts";
import { emptyChangeSet, writeChanges } from "./mirror/change-set.ts";
import { endShadow } from "./mirror/shadows.ts";
import { findVisibleSources } from "./sources/source-record.ts";
import type { KeptMove, ShadowStore } from "./store.ts";

/** See `ShadowStore`. */
export function shadowStore(database: Database): ShadowStore {
  return {
    list: () =>
      database.read(async (db) => {
        const sources = await findVisibleSources(db);
        const { rows } = await sql<{ id: number; status: number; at: number | null }>`
          select k.issue_id as id, k.status,
            (select max(h.at) from history h where h.issue_id = k.issue_id and h.field = 'status' and h.actor <> 'tracker') as at
          from shadow k`.execute(db);
        const kept = new Map(rows.map((row) => [row.id, row]));
        const cards = await readCards(db, sources, [...kept.keys()]);
        return cards
          .flatMap((card): KeptMove[] => {
            const { status, at } = kept.get(card.id) ?? {};
            const to = status === undefined ? undefined : statuses[status];
            // Without shadow mode the card shows the tracker's status.
            const from = card.shadow?.trackerStatus ?? card.status;
            return to === undefined || to === from ? [] : [{ card, from, to, at: at ?? null }];
          })
          .toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0) || b.card.id - a.card.id);
      }),
    countLeft: () =>
      database.read(async (db) => {
        const off = (await findVisibleSources(db)).filter(({ config }) => !config.shadow).map(({ id }) => id);
        const { rows } = await sql<{ moves: number }>`
          select count(*) as moves from shadow k join issue i on i.id = k.issue_id
          where k.status <> i.status and i.source_id in ${db.dialect.list(off)}`.execute(db);
        return Number(rows[0]?.moves ?? 0);
      }),
    forget: (issueId) =>
      database.write("user", async (db) => {
        const changes = emptyChangeSet();
        const { rows } = await sql<{ ref: string; connection_id: number }>`
          select ref, connection_id from card where issue_id = ${issueId}`.execute(db);
        await endShadow(db, issueId);
        for (const { ref } of rows) changes.refs.add(ref);
        return writeChanges(db, rows[0]?.connection_id ?? 0, changes);
      }),
  };
}
