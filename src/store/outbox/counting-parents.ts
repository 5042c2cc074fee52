import { sql } from "kysely";
import type { IssueAddress } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { findByHandles } from "../mirror/dependents.ts";
import { parentHandle } from "../mirror/ref.ts";
import { findVisibleSources } from "../sources/source-record.ts";
import { addressOf } from "./issue-address.ts";
import { readScene } from "./scene.ts";

/** See `SendingStore.countingParents`. */
export async function findCountingParents(db: Trx, issueId: number): Promise<readonly IssueAddress[]> {
  const { source, base, shown } = await readScene(db, issueId);
  const handles = [base, shown].flatMap((issue) => parentHandle(issue, source.config.key) ?? []);
  const found = await findByHandles(db, source.connectionId, handles, await findVisibleSources(db));
  const ids = handles.flatMap((handle) => found.get(handle)?.issueId ?? []);
  if (ids.length === 0 || (ids.length === 2 && ids[0] === ids[1])) return [];
  const { rows } = await sql<{ id: number }>`
    select issue_id as id from card where issue_id in ${db.dialect.list(ids)} and children_total is not null`.execute(
    db,
  );
  const counting = new Set(rows.map(({ id }) => id));
  const parents = [...found.values()].filter((parent) => counting.has(parent.issueId));
  return Promise.all(parents.map(({ nativeId }) => addressOf(db, source, nativeId)));
}
