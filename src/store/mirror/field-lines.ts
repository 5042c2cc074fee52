import { sql } from "kysely";
import { foldName } from "../../domain/fold-name.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { newLabelName } from "../../domain/operation.ts";
import { valueOf } from "../../domain/overlay.ts";
import type { Trx } from "../database/database.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import type { News } from "./find-news.ts";
import type { Line } from "./history-line.ts";

/** Fields written to the history as they are; status, title, priority and assignees are written as cards show them. */
const told = ["type", "cycle", "dueDate", "estimate", "parent"] as const;

const nothing: ReadonlySet<string> = new Set();

const words: Readonly<Record<(typeof told)[number], string>> = {
  type: "type",
  cycle: "cycle",
  dueDate: "due date",
  estimate: "estimate",
  parent: "parent",
};

/**
 * The changes of an issue's other fields and labels, with names in place of native ids, in the order of `news`. Leaves out labels that stand for a status or a
 * priority: the history has their meaning instead.
 */
export async function fieldLines(
  db: Trx,
  source: SourceRecord,
  news: readonly News[],
): Promise<readonly (readonly Line[])[]> {
  const changes = news.map(({ shown, before }) =>
    // Labels and cycles have different ids in another source.
    before === null || before.row.sourceId !== source.id ? null : changesOf(before.shown, shown),
  );
  const ids = (pick: (change: NonNullable<(typeof changes)[number]>) => readonly (string | number | null)[]) => [
    ...new Set(
      changes
        .flatMap((change) => (change === null ? [] : pick(change)))
        .flatMap((id) => (id === null ? [] : [String(id)])),
    ),
  ];
  const of = (field: "cycle" | "parent") =>
    ids(({ fields }) => fields.flatMap((one) => (one.field === field ? [one.from, one.to] : [])));
  const labels = await namesIn(
    db,
    source.id,
    "label",
    ids(({ added, removed }) => [...added, ...removed]),
  );
  const cycles = await namesIn(db, source.id, "cycle", of("cycle"));
  const parents = await refsOf(db, source.connectionId, of("parent"));
  const { statusRules = [], priorityRules = [] } = source.mapping ?? {};
  const meaning = new Set(
    [...statusRules, ...priorityRules].flatMap((rule) =>
      "label" in rule && rule.label !== undefined ? [foldName(rule.label)] : [],
    ),
  );
  const plain = (list: readonly string[], asked: ReadonlySet<string>) =>
    list
      .map((id) => labels.get(id) ?? newLabelName(id) ?? id)
      .filter((name) => !meaning.has(foldName(name)) && !asked.has(foldName(name)))
      .join(", ") || null;
  const nameOf = (field: (typeof told)[number], value: string | number | null) => {
    if (value === null) return null;
    const names = field === "cycle" ? cycles : field === "parent" ? parents : null;
    return names?.get(String(value)) ?? String(value);
  };
  return changes.map((change): readonly Line[] => {
    if (change === null) return [];
    const lines = change.fields.map(({ field, from, to }): Line => ({
      field: words[field],
      from: nameOf(field, from),
      to: nameOf(field, to),
    }));
    if (change.isRewritten) lines.push({ field: "body", from: null, to: null });
    const [from, to] = [plain(change.removed, nothing), plain(change.added, change.asked)];
    if (from !== null || to !== null) lines.push({ field: "labels", from, to });
    return lines;
  });
}

function changesOf(before: NativeIssue, now: NativeIssue) {
  const [had, has] = [new Set(before.labelIds), new Set(now.labelIds)];
  // New labels requested here and being created: the history has them already.
  const asked = before.labelIds.flatMap((id) => newLabelName(id) ?? []);
  return {
    fields: told.flatMap((field) => {
      const [from, to] = [valueOf(before, field), valueOf(now, field)];
      return from === to ? [] : [{ field, from, to }];
    }),
    isRewritten: before.body !== now.body,
    added: now.labelIds.filter((id) => !had.has(id)),
    removed: before.labelIds.filter((id) => !has.has(id) && newLabelName(id) === null),
    asked: new Set(asked.map(foldName)),
  };
}

async function namesIn(
  db: Trx,
  sourceId: number,
  table: "label" | "cycle",
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`
    select native_id as id, name from ${sql.table(table)}
    where scope_id = ${sourceId} and native_id in ${db.dialect.list(ids)}`.execute(db);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

async function refsOf(db: Trx, connectionId: number, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; ref: string }>`
    select native_id as id, ref from card
    where connection_id = ${connectionId} and native_id in ${db.dialect.list(ids)}`.execute(db);
  return new Map(rows.map(({ id, ref }) => [id, ref]));
}
