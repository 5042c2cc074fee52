import { sql } from "kysely";
import { trimLog } from "../change-log.ts";
import type { Change } from "../change.ts";
import type { Trx } from "../database/database.ts";
import { changeRows } from "../schema/bulk-tables.ts";
import { findDependents } from "./dependents.ts";
import type { Affected } from "./dependents.ts";

/** The changes of one transaction so far. */
export type ChangeSet = {
  /** Refs of cards whose appearance changed. */
  readonly refs: Set<string>;
  changed: number;
  removed: number;
  /** `source status` → difference. */
  readonly counts: Map<string, number>;
  /** Changed issues that other cards may show something of. */
  readonly affected: Affected[];
  /** Handles of parents whose children changed. */
  readonly parents: Set<string>;
  /** An operation of the outbox that was waiting can be sent now. */
  due: boolean;
};

export function emptyChangeSet(): ChangeSet {
  return { refs: new Set(), changed: 0, removed: 0, counts: new Map(), affected: [], parents: new Set(), due: false };
}

/** Adds to the number of a source's issues in a status; `by` may be negative. */
export function count(changes: ChangeSet, sourceId: number, status: number, by: number): void {
  const cell = `${sourceId} ${status}`;
  changes.counts.set(cell, (changes.counts.get(cell) ?? 0) + by);
}

/** Adds the changes of another part of the same transaction. */
export function addChanges(changes: ChangeSet, more: ChangeSet): void {
  for (const ref of more.refs) changes.refs.add(ref);
  for (const [cell, by] of more.counts) changes.counts.set(cell, (changes.counts.get(cell) ?? 0) + by);
  for (const parent of more.parents) changes.parents.add(parent);
  changes.affected.push(...more.affected);
  changes.changed += more.changed;
  changes.removed += more.removed;
  changes.due ||= more.due;
}

/** Writes counters and change log. Call last in a transaction. */
export async function writeChanges(db: Trx, connectionId: number, changes: ChangeSet): Promise<Change> {
  for (const ref of await findDependents(db, connectionId, changes.affected, changes.parents)) {
    changes.refs.add(ref);
  }
  const cells = [...changes.counts]
    .filter(([, by]) => by !== 0)
    .map(([cell, by]) => {
      const [source = 0, status = 0] = cell.split(" ").map(Number);
      return { source, status, by };
    });
  for (const { source, status, by } of cells) {
    await sql`
      insert into source_count (source_id, status, issues) values (${source}, ${status}, ${by})
      on conflict (source_id, status) do update set issues = source_count.issues + excluded.issues`.execute(db);
  }
  const refs = [...changes.refs];
  const sequence = await take(db, "change", refs.length);
  const first = sequence - refs.length + 1;
  await db.dialect.insertMany(
    db,
    changeRows,
    refs.map((ref, index) => [first + index, ref]),
  );
  await trimLog(db, sequence - refs.length, sequence);
  return { sequence, refs, changed: changes.changed, removed: changes.removed, due: changes.due };
}

/** Takes the given amount of numbers of a sequence; returns the last one. With 0 it only reads. */
export async function take(db: Trx, name: "issue" | "change" | "local", numbers: number): Promise<number> {
  const { rows } =
    numbers === 0
      ? await sql<{ value: number }>`select value from sequence where name = ${name}`.execute(db)
      : await sql<{ value: number }>`
          update sequence set value = value + ${numbers} where name = ${name} returning value`.execute(db);
  return rows[0]?.value ?? 0;
}

/** Makes listeners reload after a change of everything (sources hidden, prefixes rewritten), instead of logging a row per issue. */
export async function forgetChanges(db: Trx): Promise<number> {
  const sequence = await take(db, "change", 1);
  await db.deleteFrom("change").execute();
  await db.updateTable("sequence").set({ floor: sequence }).where("name", "=", "change").execute();
  return sequence;
}
