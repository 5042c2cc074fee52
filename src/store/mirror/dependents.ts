import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { readOpenRelationChanges } from "../outbox/operation-row.ts";
import { findVisibleSources } from "../sources/source-record.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { foldRef, handlesOf, readHandle } from "./ref.ts";

/** An issue whose ref, title, status or presence changed. */
export type Affected = { readonly nativeId: string; readonly key: string; readonly sourceKey: string };

/**
 * Refs of the cards that show something of these issues: their children (ref and title of the parent), issues they block, in any tracker, and `parents`, whose
 * children are counted.
 */
export async function findDependents(
  db: Trx,
  connectionId: number,
  affected: readonly Affected[],
  parents: ReadonlySet<string>,
): Promise<readonly string[]> {
  const refs: string[] = [];
  if (affected.length > 0) {
    const handles = affected.flatMap((issue) => handlesOf(issue, issue.sourceKey));
    const { rows } = await sql<{ ref: string }>`
      select ref from card where parent in ${db.dialect.list(handles)} and connection_id = ${connectionId}
      union all
      select c.ref
      from relation r join card c on c.issue_id = r.issue_id
      where r.target in ${db.dialect.list(affected.map((issue) => issue.nativeId))} and r.type = 'blocked_by'
        and c.connection_id = ${connectionId}
      union all
      select c.ref
      from card blocker
      join link l on l.from_id = blocker.issue_id and l.type = 'blocks'
      join card c on c.issue_id = l.to_id
      where blocker.native_id in ${db.dialect.list(affected.map((issue) => issue.nativeId))}
        and blocker.connection_id = ${connectionId}`.execute(db);
    refs.push(...rows.map((row) => row.ref));
    refs.push(...(await findPendingEnds(db, connectionId, affected)));
  }
  if (parents.size > 0) {
    const found = await findByHandles(db, connectionId, [...parents], await findVisibleSources(db));
    refs.push(...[...found.values()].map((parent) => parent.ref));
  }
  return refs;
}

/** Refs of the issues that open changes relate to these. */
async function findPendingEnds(
  db: Trx,
  connectionId: number,
  affected: readonly Affected[],
): Promise<readonly string[]> {
  const natives = new Set(affected.map(({ nativeId }) => nativeId));
  const targets = (await readOpenRelationChanges(db)).flatMap((one) =>
    one.connectionId === connectionId && natives.has(one.nativeId) ? [one.change.relation.target.nativeId] : [],
  );
  if (targets.length === 0) return [];
  const { rows } = await sql<{ ref: string }>`
    select ref from card where native_id in ${db.dialect.list(targets)} and connection_id = ${connectionId}`.execute(
    db,
  );
  return rows.map(({ ref }) => ref);
}

export type HandleTarget = {
  readonly issueId: number;
  readonly sourceId: number;
  readonly ref: string;
  readonly title: string;
  readonly url: string;
  readonly nativeId: string;
};

/** The mirrored issues with these parent handles, in the visible sources of one connection. */
export async function findByHandles(
  db: Trx,
  connectionId: number,
  handles: readonly string[],
  sources: readonly SourceRecord[],
): Promise<ReadonlyMap<string, HandleTarget>> {
  const byNativeId = new Map<string, string>();
  const byRef = new Map<string, string>();
  for (const handle of handles) {
    const parent = readHandle(handle);
    if (parent.nativeId !== undefined) {
      byNativeId.set(parent.nativeId, handle);
    } else {
      const place = placeOf(parent.address, connectionId, sources);
      if (place) byRef.set(`${place.source.id} ${foldRef(place.ref)}`, handle);
    }
  }
  const targets = new Map<string, HandleTarget>();
  type Row = {
    issue_id: number;
    source_id: number;
    ref: string;
    ref_folded: string;
    title: string;
    url: string;
    native_id: string;
  };
  const read = (row: Row): HandleTarget => ({
    issueId: row.issue_id,
    sourceId: row.source_id,
    ref: row.ref,
    title: row.title,
    url: row.url,
    nativeId: row.native_id,
  });
  const visible = new Set(sources.map((source) => source.id));
  if (byNativeId.size > 0) {
    const { rows } = await sql<Row>`
      select issue_id, source_id, ref, ref_folded, title, url, native_id from card
      where native_id in ${db.dialect.list([...byNativeId.keys()])} and connection_id = ${connectionId}`.execute(db);
    for (const row of rows) {
      const handle = byNativeId.get(row.native_id);
      if (handle !== undefined && visible.has(row.source_id)) targets.set(handle, read(row));
    }
  }
  if (byRef.size > 0) {
    const refs = [...byRef.keys()].map((entry) => entry.slice(entry.indexOf(" ") + 1));
    const { rows } = await sql<Row>`
      select issue_id, source_id, ref, ref_folded, title, url, native_id from card
      where ref_folded in ${db.dialect.list(refs)} and connection_id = ${connectionId}`.execute(db);
    for (const row of rows) {
      const handle = byRef.get(`${row.source_id} ${row.ref_folded}`);
      if (handle !== undefined) targets.set(handle, read(row));
    }
  }
  return targets;
}

/**
 * The configured source of a folded address (`owner/repo#12`; `bookbook-9`: the source's key, and an issue key that names the source itself), and the issue's
 * ref there, folded except for keys that are always in capitals.
 */
export function placeOf(
  address: string,
  connectionId: number,
  sources: readonly SourceRecord[],
): { readonly source: SourceRecord; readonly ref: string } | null {
  for (const source of sources) {
    const key = foldRef(source.config.key);
    if (source.connectionId !== connectionId || !address.startsWith(key)) continue;
    const rest = address.slice(key.length);
    if (rest.startsWith(`${key}-`)) return { source, ref: rest.toUpperCase() };
    // `owner/repo` must not match as a prefix of `owner/repository`.
    if (!/^[\p{L}\p{N}_.-]/u.test(rest)) return { source, ref: source.config.refPrefix + rest };
  }
  return null;
}
