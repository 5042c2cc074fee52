import { sql } from "kysely";
import type { NativeIssue } from "../../domain/issue.ts";
import { statusOf } from "../../domain/mapping.ts";
import { newLabelName } from "../../domain/operation.ts";
import type { Status } from "../../domain/status.ts";
import type { Trx } from "../database/database.ts";
import type { SourceRecord } from "../sources/source-record.ts";

/** Creates a function that reads the status of a source's issues with labels among these; it returns null if the source is not described yet. */
export async function statusReader(
  db: Trx,
  source: SourceRecord,
  labelIds: readonly string[],
): Promise<(issue: Pick<NativeIssue, "stateId" | "labelIds">) => Status | null> {
  const { mapping } = source;
  if (mapping === null) return () => null;
  const names = await readLabelNames(db, source, labelIds);
  return (issue) =>
    statusOf(mapping, {
      stateId: issue.stateId,
      labels: issue.labelIds.flatMap((id) => names.get(id) ?? newLabelName(id) ?? []),
    });
}

/** The names of a source's labels, by their ids; those it does not know are left out. */
export async function readLabelNames(
  db: Trx,
  source: Pick<SourceRecord, "id">,
  labelIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (labelIds.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`
    select native_id as id, name from label
    where scope_id = ${source.id} and native_id in ${db.dialect.list(labelIds)}`.execute(db);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
