import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import type { NamedIssue } from "../../domain/issue.ts";
import { findByHandles, type HandleTarget, placeOf } from "../mirror/dependents.ts";
import { findNamedIssues } from "../mirror/named-issues.ts";
import { handlesOf, readHandle } from "../mirror/ref.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { finishedStatuses } from "../mirror/read-meaning.ts";
import type { CardRow } from "./card-row.ts";
import type { IssueCard } from "./issue-card.ts";
import { findPendingChildren } from "./pending-children.ts";

type Relative = Pick<
  CardRow,
  "id" | "source_id" | "connection_id" | "native_id" | "key" | "parent" | "children_done" | "children_total"
>;

type Parent = {
  readonly ref: string | null;
  readonly key: string | null;
  readonly title: string | null;
  readonly url: string | null;
  readonly nativeId: string | null;
  readonly sourceId: number | null;
};

/** Each issue's parent: the mirrored one, or what its tracker returned with the child. */
export async function findParents(
  db: Trx,
  sources: readonly SourceRecord[],
  rows: readonly Relative[],
): Promise<ReadonlyMap<number, Parent>> {
  const parents = new Map<number, Parent>();
  for (const [connectionId, group] of byConnection(rows.filter((row) => row.parent !== null))) {
    const handles = [...new Set(group.flatMap((row) => (row.parent === null ? [] : [row.parent])))];
    const found = await findByHandles(db, connectionId, handles, sources);
    const missing = handles
      .filter((handle) => !found.has(handle))
      .flatMap((handle) => readHandle(handle).nativeId ?? []);
    const named = await findNamedIssues(db, connectionId, missing);
    for (const row of group) {
      if (row.parent === null) continue;
      const target = found.get(row.parent);
      parents.set(row.id, target ? mirrored(target) : unmirrored(row.parent, connectionId, { sources, named }));
    }
  }
  return parents;
}

function mirrored({ ref, title, url, nativeId, sourceId }: HandleTarget): Parent {
  return { ref, key: ref, title, url, nativeId, sourceId };
}

function unmirrored(
  handle: string,
  connectionId: number,
  known: { readonly sources: readonly SourceRecord[]; readonly named: ReadonlyMap<string, NamedIssue> },
): Parent {
  const { nativeId = null, address = "" } = readHandle(handle);
  const rest = { ref: null, nativeId, sourceId: null };
  if (nativeId === null) {
    return { ...rest, key: placeOf(address, connectionId, known.sources)?.ref ?? address, title: null, url: null };
  }
  const { key = null, title = null, url = null } = known.named.get(nativeId) ?? {};
  return { ...rest, key, title, url };
}

/**
 * Each issue's children: the count of mirrored ones, or the tracker's own with the user's open changes if larger. The tracker's count is from the parent's own
 * last change: on GitHub a child that is added or closed does not move the parent's update time.
 */
export async function findChildren(
  db: Trx,
  sources: readonly SourceRecord[],
  rows: readonly Relative[],
): Promise<ReadonlyMap<number, IssueCard["children"]>> {
  const counts = new Map<number, IssueCard["children"]>();
  const keys = new Map(sources.map((source) => [source.id, source.config.key]));
  for (const [connectionId, group] of byConnection(rows)) {
    const handles = new Map(
      group.map((row) => [row.id, handlesOf({ nativeId: row.native_id, key: row.key }, keys.get(row.source_id) ?? "")]),
    );
    const owners = new Map([...handles].flatMap(([id, own]) => own.map((handle) => [handle, id] as const)));
    const { rows: counted } = await sql<{ parent: string; source_id: number; total: number; done: number }>`
      select c.parent, i.source_id, count(*) as total,
        cast(sum(case when i.status in ${finishedStatuses} then 1 else 0 end) as bigint) as done
      from card c join issue i on i.id = c.issue_id
      where c.parent in ${db.dialect.list([...owners.keys()])} and c.connection_id = ${connectionId}
      group by c.parent, i.source_id`.execute(db);
    for (const row of counted) {
      const owner = owners.get(row.parent);
      if (owner === undefined || !keys.has(row.source_id)) continue;
      const before = counts.get(owner) ?? { done: 0, total: 0 };
      counts.set(owner, { done: before.done + row.done, total: before.total + row.total });
    }
    // A tracker that counts none knows of no more than the mirror.
    const told = group.filter((row) => (row.children_total ?? 0) > 0);
    const pending = await findPendingChildren(
      db,
      connectionId,
      sources,
      told.flatMap(({ id }) => handles.get(id) ?? []),
    );
    for (const { id, children_done: done, children_total } of told) {
      const total = children_total ?? 0;
      const shown = counts.get(id) ?? { done: 0, total: 0 };
      const difference = { done: 0, total: 0 };
      for (const handle of handles.get(id) ?? []) {
        const by = pending.get(handle);
        difference.done += by?.done ?? 0;
        difference.total += by?.total ?? 0;
      }
      if (total <= shown.total - difference.total) continue;
      const all = total + difference.total;
      counts.set(id, { done: Math.min(all, Math.max(0, (done ?? 0) + difference.done)), total: all });
    }
  }
  return counts;
}

function byConnection<Row extends { connection_id: number }>(
  rows: readonly Row[],
): ReadonlyMap<number, readonly Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.connection_id);
    if (group) group.push(row);
    else groups.set(row.connection_id, [row]);
  }
  return groups;
}
