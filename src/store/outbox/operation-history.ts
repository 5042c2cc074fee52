import { sql } from "kysely";
import type { FieldChange, SetChange } from "../../domain/operation.ts";
import { isSetChange, newLabelName } from "../../domain/operation.ts";
import { ownFieldWords } from "../../domain/own-field-words.ts";
import type { BulkRow, Trx } from "../database/database.ts";
import type { Line } from "../mirror/history-line.ts";
import { historyRows } from "../schema/bulk-tables.ts";
import type { SourceRecord } from "../sources/source-record.ts";

/** Writes an operation's changes to the history of its issue, in words. */
export async function writeOperationHistory(
  db: Trx,
  about: {
    readonly issueId: number;
    readonly ref: string;
    readonly title: string;
    readonly actor: string;
    readonly at: number;
    readonly operationId: number | null;
    /** `pending`, `written`, … */
    readonly state: string;
  },
  lines: readonly Line[],
): Promise<void> {
  const rows = lines.map((line): BulkRow => [
    about.issueId,
    about.at,
    about.ref,
    about.title,
    about.actor,
    line.field,
    line.from,
    line.to,
    about.state,
    about.operationId,
    null,
  ]);
  if (rows.length > 0) await db.dialect.insertMany(db, historyRows, rows);
}

/** The history lines of changed fields, with names in place of native ids. A move is one line, without its state and labels. */
export async function toLines(db: Trx, source: SourceRecord, fields: readonly FieldChange[]): Promise<readonly Line[]> {
  const isMove = fields.some((change) => change.field === "status");
  const lines: Line[] = [];
  for (const change of fields) {
    if (isSetChange(change)) {
      if (!isMove || change.field !== "labels") lines.push(await setLine(db, source, change));
    } else if (change.field === "status") lines.push({ field: "status", from: change.from, to: change.to });
    else if (change.field === "custom") {
      const { name, from, to } = ownFieldWords(source.form, change);
      lines.push({ field: name, from, to });
    } else if (change.field === "body") lines.push({ field: "body", from: null, to: null });
    else if (change.field !== "state" || !isMove) {
      const [from, to] = await Promise.all([
        nameOf(db, source, change.field, change.from),
        nameOf(db, source, change.field, change.to),
      ]);
      lines.push({ field: change.field === "dueDate" ? "due date" : change.field, from, to });
    }
  }
  return lines;
}

async function setLine(db: Trx, source: SourceRecord, change: SetChange): Promise<Line> {
  const table = change.field === "labels" ? "label" : "person";
  const scope = change.field === "labels" ? source.id : source.connectionId;
  const shown = change.field === "labels" ? sql`name` : sql`login`;
  const { rows } = await sql<{ id: string; name: string }>`
    select native_id as id, ${shown} as name from ${sql.table(table)}
    where scope_id = ${scope} and native_id in ${db.dialect.list([...change.add, ...change.remove])}`.execute(db);
  const names = new Map(rows.map((row) => [row.id, row.name]));
  const list = (ids: readonly string[]) => ids.map((id) => names.get(id) ?? newLabelName(id) ?? id).join(", ") || null;
  return { field: change.field === "labels" ? "labels" : "assignee", from: list(change.remove), to: list(change.add) };
}

const tables = { state: "state", priority: "native_priority", cycle: "cycle" } as const;

async function nameOf(
  db: Trx,
  source: SourceRecord,
  field: string,
  value: string | number | null,
): Promise<string | null> {
  if (value === null) return null;
  if (field === "parent") {
    const { rows } = await sql<{ ref: string }>`
      select ref from card where native_id = ${String(value)} and connection_id = ${source.connectionId}`.execute(db);
    return rows[0]?.ref ?? String(value);
  }
  const table = tables[field as keyof typeof tables] as (typeof tables)[keyof typeof tables] | undefined;
  if (table === undefined) return String(value);
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(table)} where scope_id = ${source.id} and native_id = ${String(value)}`.execute(db);
  return rows[0]?.name ?? String(value);
}
