import { sql } from "kysely";
import { localIdPrefix } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { foldRef } from "../mirror/ref.ts";
import { findVisibleSources } from "../sources/source-record.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import type { AskedRef, BoardStore } from "../store.ts";

type Found = Awaited<ReturnType<BoardStore["find"]>>;

/** See `BoardStore.find`. */
export async function findRefs(db: Trx, asked: readonly AskedRef[]): Promise<Found> {
  const sources = await findVisibleSources(db);
  const found: Found[number][] = [];
  for (const one of asked) found.push(...(await findRef(db, sources, one)));
  return found;
}

/** An issue's present key takes precedence over former keys of others. */
async function findRef(db: Trx, visible: readonly SourceRecord[], asked: AskedRef): Promise<Found> {
  const sources = visible.filter((source) => couldBe(source, asked));
  if (sources.length === 0) return [];
  const bySource = new Map(sources.map((source) => [source.id, source]));
  if (asked.nativeId !== undefined) return toFound(await findNative(db, asked.nativeId), bySource);
  const refs = sources.map((source) => foldRef(source.config.refPrefix + asked.key));
  const { rows } = await sql<Row>`
    select c.issue_id as id, c.ref, c.source_id
    from card c
    where c.ref_folded in ${db.dialect.list([...new Set(refs)])}
    order by c.issue_id`.execute(db);
  const now = toFound(rows, bySource);
  if (now.length > 0) return now;
  const former = await sql<Row>`
    select c.issue_id as id, c.ref, c.source_id
    from alias a join card c on c.issue_id = a.issue_id
    where a.key_folded = ${foldRef(asked.key)}
    order by c.issue_id`.execute(db);
  return toFound(former.rows, bySource);
}

/** See `BoardStore.findLocal`. */
export async function findLocal(db: Trx, ref: string): Promise<Found[number] | null> {
  const sources = await findVisibleSources(db);
  const { rows } = await sql<Row>`
    select c.issue_id as id, c.ref, c.source_id
    from card c
    where c.issue_id in (
      select issue_id from card where ref_folded = ${foldRef(ref)} and native_id like ${`${localIdPrefix}%`}
      union select o.issue_id from alias a join operation o on o.issue_id = a.issue_id and o.kind = 'create'
      where a.key_folded = ${foldRef(ref)})`.execute(db);
  return toFound(rows, new Map(sources.map((source) => [source.id, source])))[0] ?? null;
}

type Row = { readonly id: number; readonly ref: string; readonly source_id: number };

/** URLs of some trackers contain the immutable id instead of the key. */
async function findNative(db: Trx, nativeId: string): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select c.issue_id as id, c.ref, c.source_id
    from card c
    where c.native_id = ${nativeId}
    order by c.issue_id`.execute(db);
  return rows;
}

/** Keeps rows of the given sources: a ref matches few issues, whatever their sources. */
function toFound(rows: readonly Row[], sources: ReadonlyMap<number, SourceRecord>): Found {
  return rows.flatMap(({ id, ref, source_id }) => {
    const source = sources.get(source_id);
    return source ? [{ id, ref, project: source.config.project, source: source.config.id }] : [];
  });
}

function couldBe({ config, info }: SourceRecord, asked: AskedRef): boolean {
  if (config.tracker !== asked.tracker) return false;
  if (asked.prefix !== null && foldRef(asked.prefix) !== foldRef(config.refPrefix)) return false;
  if (asked.sourceKey === null && asked.host === null) return true;
  const url = info?.url == null ? null : URL.parse(info.url);
  if (asked.sourceKey !== null) {
    // The URL of a server below a path includes that path.
    const names = [config.key, ...(asked.host === null || url === null ? [] : [url.pathname.slice(1)])];
    if (!names.map(foldRef).includes(foldRef(asked.sourceKey))) return false;
  }
  const host = url?.host ?? null;
  return asked.host === null || host === null || host === asked.host.toLowerCase();
}
