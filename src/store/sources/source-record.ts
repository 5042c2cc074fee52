import type { Selectable } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import type { Mapping } from "../../domain/mapping.ts";
import type { SourceConfig, SourceInfo } from "../../domain/source.ts";
import type { Trx } from "../database/database.ts";
import { remember } from "../database/memory.ts";
import type { Tables } from "../schema/tables.ts";
import type { SourceForm, SyncState } from "./source-row.ts";

/** A parsed row of a source. */
export type SourceRecord = {
  readonly id: number;
  readonly connectionId: number;
  readonly hidden: boolean;
  readonly config: SourceConfig;
  readonly info: SourceInfo | null;
  readonly mapping: Mapping | null;
  readonly form: (SourceForm & { readonly members: readonly string[] }) | null;
  readonly sync: SyncState;
};

/** The sources of the present configuration, in its order. */
export function findVisibleSources(db: Trx): Promise<readonly SourceRecord[]> {
  return remember(db, "source", "visible", async () => {
    const rows = await db.selectFrom("source").selectAll().where("hidden", "=", 0).orderBy("position").execute();
    return rows.map(readSource);
  });
}

/** Throws `not_found`. */
export function getSource(db: Trx, id: number): Promise<SourceRecord> {
  return remember(db, "source", `${id}`, async () => {
    const row = await db.selectFrom("source").selectAll().where("id", "=", id).executeTakeFirst();
    if (!row) throw new PanopticonError("not_found", `The mirror has no source with the number ${id}.`);
    return readSource(row);
  });
}

/** Updates the given parts of a source's sync state. */
export async function saveSync(db: Trx, sourceId: number, sync: Partial<SyncState>): Promise<void> {
  const columns = {
    ...(sync.cursor === undefined ? {} : { cursor: toJson(sync.cursor) }),
    ...(sync.resume === undefined ? {} : { resume: toJson(sync.resume) }),
    ...(sync.lastCompleteAt === undefined ? {} : { last_complete_at: sync.lastCompleteAt }),
    ...(sync.lastSweepAt === undefined ? {} : { last_sweep_at: sync.lastSweepAt }),
    ...(sync.describedAt === undefined ? {} : { described_at: sync.describedAt }),
    ...(sync.lastChangeAt === undefined ? {} : { last_change_at: sync.lastChangeAt }),
    ...(sync.outside === undefined ? {} : { outside: toJson(sync.outside) }),
    ...(sync.error === undefined ? {} : { error: toJson(sync.error) }),
    ...(sync.warnings === undefined ? {} : { warnings: toJson(sync.warnings.length === 0 ? null : sync.warnings) }),
  };
  if (Object.keys(columns).length === 0) return;
  await db.updateTable("source").set(columns).where("id", "=", sourceId).execute();
}

function readSource(row: Selectable<Tables["source"]>): SourceRecord {
  return {
    id: row.id,
    connectionId: row.connection_id,
    hidden: row.hidden === 1,
    config: JSON.parse(row.config) as SourceConfig,
    info: fromJson<SourceInfo>(row.info),
    mapping: fromJson<Mapping>(row.mapping),
    form: fromJson(row.form),
    sync: {
      cursor: fromJson(row.cursor),
      resume: fromJson(row.resume),
      lastCompleteAt: row.last_complete_at,
      lastSweepAt: row.last_sweep_at,
      describedAt: row.described_at,
      lastChangeAt: row.last_change_at,
      outside: fromJson(row.outside),
      error: fromJson(row.error),
      warnings: fromJson(row.warnings) ?? [],
    },
  };
}

/** Parses a JSON column written by this program. */
export function fromJson<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}

export function toJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** The tracker's id of the account whose credentials a connection uses; null if not known yet. */
export async function accountOf(db: Trx, { connectionId }: Pick<SourceRecord, "connectionId">): Promise<string | null> {
  const row = await db.selectFrom("connection").select("account").where("id", "=", connectionId).executeTakeFirst();
  return fromJson<{ readonly id: string }>(row?.account ?? null)?.id ?? null;
}
