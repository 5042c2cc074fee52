import { type RawBuilder, sql } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import { inverseOf } from "../../domain/inverse-relation.ts";
import type { RelationType } from "../../domain/issue.ts";
import type { Change } from "../change.ts";
import type { Database, Trx } from "../database/database.ts";
import { emptyChangeSet, writeChanges } from "../mirror/change-set.ts";
import { findVisibleSources } from "../sources/source-record.ts";
import type { Author } from "../outbox/outbox.ts";
import { recordUndo } from "../undo/record-undo.ts";
import type { UndoableChange } from "../undo/undo.ts";
import { findLinks } from "./find-links.ts";
import type { LinkStore } from "./links.ts";
import { refuseCircle } from "./refuse-circle.ts";

type End = { readonly id: number; readonly connection_id: number; readonly ref: string; readonly title: string };
type Link = { readonly id: number; readonly from_id: number; readonly to_id: number; readonly type: RelationType };

export function linkStore(database: Database): LinkStore {
  return {
    add: (issueId, type, otherId, author) =>
      database.write("user", async (db) => {
        const link = toStored(issueId, type, otherId);
        const ends = await getEnds(db, link);
        if (link.type === "parent") {
          await refuseCircle(db, { childId: link.from_id, parentId: link.to_id });
        }
        const { rows } = await sql<{ id: number }>`
          insert into link (from_id, to_id, type, created_at, actor)
          values (${link.from_id}, ${link.to_id}, ${link.type}, ${db.clock.now()}, ${author.actor})
          on conflict (from_id, to_id, type) do nothing returning id`.execute(db);
        const [made] = rows;
        if (made !== undefined) {
          const ref = ends.find(({ id }) => id === issueId)?.ref ?? "";
          const change: UndoableChange = { kind: "link", type, otherId };
          await recordUndo(db, { author, issueId, ref, operation: null, change, at: db.clock.now() });
          const told = await tell(db, { type: link.type, ends, what: "made", actor: author.actor });
          return { id: `link:${made.id}`, change: told };
        }
        const known = await sql<{ id: number }>`
          select id from link
          where from_id = ${link.from_id} and to_id = ${link.to_id} and type = ${link.type}`.execute(db);
        const change = await writeChanges(db, ends[0].connection_id, emptyChangeSet());
        return { id: `link:${known.rows[0]?.id ?? 0}`, change };
      }),
    remove: (id, author) =>
      database.write("user", async (db) => {
        const number = /^link:(\d{1,15})$/.exec(id)?.[1];
        return number === undefined ? null : end(db, sql<boolean>`id = ${Number(number)}`, author);
      }),
    removeMade: (issueId, type, otherId, author) =>
      database.write("user", async (db) => {
        const link = toStored(issueId, type, otherId);
        const isIt = sql<boolean>`from_id = ${link.from_id} and to_id = ${link.to_id} and type = ${link.type}`;
        return end(db, isIt, author);
      }),
    refuseCircle: (childId, parentId) => database.read((db) => refuseCircle(db, { childId, parentId })),
    list: (issueId) => database.read(async (db) => findLinks(db, await findVisibleSources(db), issueId)),
  };
}

/** Removes the one link that matches `where`; null if there is none. */
async function end(db: Trx, where: RawBuilder<boolean>, author: Author): Promise<Change | null> {
  const { rows } = await sql<Link>`delete from link where ${where} returning id, from_id, to_id, type`.execute(db);
  const [link] = rows;
  if (link === undefined) return null;
  const ends = await getEnds(db, link);
  const change: UndoableChange = { kind: "unlink", type: link.type, otherId: link.to_id };
  const about = { issueId: link.from_id, ref: ends[0].ref, operation: null };
  await recordUndo(db, { author, ...about, change, at: db.clock.now() });
  return tell(db, { type: link.type, ends, what: "ended", actor: author.actor });
}

/** Refs of the issues linked to these by stored links. */
export async function findLinkedRefs(db: Trx, ids: readonly number[]): Promise<readonly string[]> {
  const list = db.dialect.list(ids);
  const { rows } = await sql<{ ref: string }>`
    select c.ref from link l join card c on c.issue_id = l.to_id where l.from_id in ${list}
    union
    select c.ref from link l join card c on c.issue_id = l.from_id where l.to_id in ${list}`.execute(db);
  return rows.map((row) => row.ref);
}

/** Normalizes a relation to one direction, so that it is stored once from either end. */
function toStored(issueId: number, type: RelationType, otherId: number): Omit<Link, "id"> {
  if (issueId === otherId) throw new PanopticonError("invalid_input", "An issue cannot be related to itself.");
  const turned = type === "blocked_by" || type === "child" || (type === "relates" && issueId > otherId);
  return turned
    ? { from_id: otherId, to_id: issueId, type: inverseOf(type) }
    : { from_id: issueId, to_id: otherId, type };
}

async function getEnds(db: Trx, link: Omit<Link, "id">): Promise<readonly [End, End]> {
  const { rows } = await sql<End>`
    select issue_id as id, connection_id, ref, title from card
    where issue_id in (${link.from_id}, ${link.to_id})`.execute(db);
  const from = rows.find((row) => row.id === link.from_id);
  const to = rows.find((row) => row.id === link.to_id);
  if (from && to) return [from, to];
  throw new PanopticonError("not_found", "One of these issues is no longer in the mirror.");
}

/** Writes a line to both issues' histories, and a change log row for both cards. */
async function tell(
  db: Trx,
  {
    type,
    ends,
    what,
    actor,
  }: {
    readonly type: RelationType;
    readonly ends: readonly [End, End];
    readonly what: "made" | "ended";
    readonly actor: string;
  },
): Promise<Change> {
  const changes = emptyChangeSet();
  const [from, to] = ends;
  for (const [end, word, other] of [
    [from, type, to],
    [to, inverseOf(type), from],
  ] as const) {
    const line = `${word} ${other.ref}`;
    await db
      .insertInto("history")
      .values({
        issue_id: end.id,
        at: db.clock.now(),
        ref: end.ref,
        title: end.title,
        actor,
        field: "relation",
        from_value: what === "ended" ? line : null,
        to_value: what === "made" ? line : null,
        state: "written",
      })
      .execute();
    changes.refs.add(end.ref);
  }
  changes.changed = changes.refs.size;
  return writeChanges(db, from.connection_id, changes);
}
