import { sql } from "kysely";
import { foldName } from "../../domain/fold-name.ts";
import type { NativeIssue, Vocabulary } from "../../domain/issue.ts";
import { newLabelName } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { findKnownWords, type UsedWords } from "./known-words.ts";
import { nameInHistory } from "./name-history.ts";
import { saveNamedIssues } from "./named-issues.ts";
import { plainText } from "./native-record.ts";
import { foldRef } from "./ref.ts";
import type { WordTable, Word, Words } from "./words.ts";

type Values = Readonly<Record<string, string | number | null>>;
type Entry = { readonly nativeId: string; readonly values: Values };

const rowsAtOnce = 400;

/** Stores named words, adds unnamed rows for unknown ids that issues refer to, and returns the ids of all. */
export async function saveVocabulary(
  db: Trx,
  scope: { readonly id: number; readonly connectionId: number },
  seen: Partial<Vocabulary>,
  issues: readonly NativeIssue[],
  otherPeople: readonly (string | null)[] = [],
): Promise<Words> {
  const used = usedIds(issues, otherPeople);
  const known = Object.keys(seen).length === 0 ? await findKnownWords(db, scope, used) : null;
  if (known !== null) return known;
  const named = namedEntries(seen);
  const results = [];
  for (const table of ["state", "label", "cycle", "native_priority", "person"] as const) {
    const scopeId = table === "person" ? scope.connectionId : scope.id;
    results.push(await saveWords(db, table, scopeId, named[table], used[table]));
  }
  const [state, label, cycle, priority, person] = results;
  if (!state || !label || !cycle || !priority || !person) throw new Error("five tables give five results");
  return {
    state: state.words,
    label: label.words,
    cycle: cycle.words,
    native_priority: priority.words,
    person: person.words,
    renamed: {
      state: state.renamed,
      label: label.renamed,
      cycle: cycle.renamed,
      native_priority: priority.renamed,
      person: person.renamed,
    },
    renamedIssues: await saveNamedIssues(db, scope.connectionId, seen.named ?? []),
    unknown: state.unknown || label.unknown || person.unknown,
  };
}

async function saveWords(
  db: Trx,
  table: WordTable,
  scopeId: number,
  named: ReadonlyMap<string, Entry>,
  used: ReadonlySet<string>,
): Promise<{ words: Map<string, Word>; renamed: number[]; unknown: boolean }> {
  const words = new Map<string, Word>();
  const renamed: number[] = [];
  /** Of words that were known by their ids only. */
  const firstNames = new Map<string, string>();
  const wanted = [...new Set([...named.keys(), ...used])];
  if (wanted.length === 0) return { words, renamed, unknown: false };

  const { rows } = await sql<{ id: number; native_id: string; name: string; known: number } & Values>`
    select * from ${sql.table(table)} where scope_id = ${scopeId} and native_id in ${db.dialect.list(wanted)}`.execute(
    db,
  );
  for (const row of rows) {
    const entry = named.get(row.native_id);
    if (entry && !sameValues(row, entry.values)) {
      const { values } = entry;
      const sets = Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
      await sql`update ${sql.table(table)} set ${sql.join(sets)} where id = ${row.id}`.execute(db);
      renamed.push(row.id);
      const name = shownName(table, values);
      if (row.name === row.native_id && name !== row.native_id) firstNames.set(row.native_id, name);
    }
    words.set(row.native_id, { id: row.id, name: String(entry?.values["name"] ?? row.name) });
  }
  await nameInHistory(db, table, firstNames);

  const missing = wanted.filter((nativeId) => !words.has(nativeId));
  const fresh = missing.map((nativeId) => named.get(nativeId) ?? unnamed(table, nativeId));
  for (let from = 0; from < fresh.length; from += rowsAtOnce) {
    const part = fresh.slice(from, from + rowsAtOnce);
    const columns = Object.keys(part[0]?.values ?? {});
    const values = part.map(
      (entry) =>
        sql`(${sql.join([scopeId, entry.nativeId, ...columns.map((column) => entry.values[column] ?? null)])})`,
    );
    const { rows: inserted } = await sql<{ id: number; native_id: string; name: string }>`
      insert into ${sql.table(table)} (${sql.join(["scope_id", "native_id", ...columns].map((column) => sql.ref(column)))})
      values ${sql.join(values)}
      on conflict (scope_id, native_id) do update set name = excluded.name
      returning id, native_id, name`.execute(db);
    for (const row of inserted) words.set(row.native_id, { id: row.id, name: row.name });
  }
  const isUnknown = (nativeId: string) => !named.has(nativeId) && newLabelName(nativeId) === null;
  return { words, renamed, unknown: missing.some(isUnknown) };
}

/** How the history names it. */
function shownName(table: WordTable, values: Values): string {
  return String(values[table === "person" ? "login" : "name"]);
}

function sameValues(row: Values, values: Values): boolean {
  return Object.entries(values).every(([column, value]) => row[column] === value);
}

function usedIds(issues: readonly NativeIssue[], otherPeople: readonly (string | null)[]): UsedWords {
  const used = {
    state: new Set<string>(),
    label: new Set<string>(),
    cycle: new Set<string>(),
    native_priority: new Set<string>(),
    person: new Set<string>(),
  };
  for (const issue of issues) {
    used.state.add(issue.stateId);
    for (const id of issue.labelIds) used.label.add(id);
    for (const id of issue.assigneeIds) used.person.add(id);
    if (issue.authorId !== null) used.person.add(issue.authorId);
    if (issue.cycleId !== null) used.cycle.add(issue.cycleId);
    if (issue.nativePriority !== null) used.native_priority.add(issue.nativePriority);
  }
  for (const id of otherPeople) if (id !== null) used.person.add(id);
  return used;
}

function namedEntries(seen: Partial<Vocabulary>): { [Table in WordTable]: ReadonlyMap<string, Entry> } {
  return {
    state: entries(seen.states, (state) => ({
      name: plainText(state.name),
      category: plainText(state.category),
      position: state.position,
      types: state.types === undefined ? null : JSON.stringify(state.types),
      place: state.place ?? null,
    })),
    label: entries(seen.labels, (label) => ({
      name: plainText(label.name),
      name_folded: foldName(plainText(label.name)),
      color: label.color,
    })),
    cycle: entries(seen.cycles, (cycle) => ({
      name: plainText(cycle.name),
      name_folded: foldName(plainText(cycle.name)),
      starts_at: cycle.startsAt,
      ends_at: cycle.endsAt,
    })),
    native_priority: entries(seen.priorities, (priority) => ({ name: plainText(priority.name) })),
    person: entries(seen.people, (person) => ({
      name: plainText(person.name),
      login: plainText(person.login),
      login_folded: foldRef(plainText(person.login)),
      avatar_url: person.avatarUrl,
    })),
  };
}

function entries<Item extends { readonly id: string }>(
  items: readonly Item[] | undefined,
  values: (item: Item) => Values,
): ReadonlyMap<string, Entry> {
  return new Map((items ?? []).map((item) => [item.id, { nativeId: item.id, values: { ...values(item), known: 1 } }]));
}

/** A word that the tracker has not named yet shows its id. */
function unnamed(table: WordTable, nativeId: string): Entry {
  const name = plainText(nativeId);
  const base = { name, known: 0 };
  switch (table) {
    case "state":
      return { nativeId, values: { ...base, category: "unknown", position: 0, types: null, place: null } };
    case "label": {
      const own = plainText(newLabelName(nativeId) ?? nativeId);
      return { nativeId, values: { ...base, name: own, name_folded: foldName(own), color: null } };
    }
    case "cycle":
      return { nativeId, values: { ...base, name_folded: foldName(name), starts_at: null, ends_at: null } };
    case "native_priority":
      return { nativeId, values: base };
    case "person":
      return { nativeId, values: { ...base, login: name, login_folded: foldRef(name), avatar_url: null } };
  }
}
