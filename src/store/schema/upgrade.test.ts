import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sql } from "kysely";
import { systemClock } from "../../domain/clock.ts";
import { addSources, onEachDatabase, type Place } from "../../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource } from "../../../test/support/store-fixtures.ts";
import type { Db, Trx } from "../database/database.ts";
import { openDatabase } from "../database/open-database.ts";
import type { Store } from "../store.ts";
import { current, migrate } from "./migrate.ts";

/** Tables in dependency order, each with the version that added it. */
const tables: readonly (readonly [name: string, since: number])[] = [
  ["sequence", 1],
  ["connection", 1],
  ["source", 1],
  ["source_count", 1],
  ["state", 1],
  ["label", 1],
  ["cycle", 1],
  ["native_priority", 1],
  ["person", 1],
  ["issue_type", 1],
  ["issue", 1],
  ["card", 1],
  ["base", 1],
  ["issue_label", 1],
  ["issue_assignee", 1],
  ["relation", 1],
  ["alias", 1],
  ["comment", 1],
  ["change", 1],
  ["history", 1],
  ["view", 1],
  ["operation", 3],
  ["undo_entry", 4],
  ["link", 5],
  ["workspace", 6],
  ["named_issue", 8],
];

const by = { actor: "you", session: "s1" };

/** The version that added the outbox. */
const firstWithChanges = 3;
/** The version that made emoji searchable. */
const firstWithEmoji = 15;

async function fill(store: Store, { withChanges }: { readonly withChanges: boolean }): Promise<void> {
  const [source = 0] = await addSources(store, makeSource("acme/shop"));
  await store.mirror.applyPage(
    source,
    makePage([
      makeIssue(1, { body: "A text about pears", labelIds: ["l-bug"], assigneeIds: ["p-ann"], authorId: "p-ben" }),
      makeIssue(2, { stateId: "closed", closedAt: 3_000, formerKeys: ["#9"], cycleId: "c-1" }),
      makeIssue(3, { body: "Of a 🍐", parentId: "n1", nativePriority: "high", estimate: 2.5, dueDate: "2027-01-01" }),
    ]),
  );
  const [one, , three] = await cards(store);
  assert.ok(one && three);
  await store.views.create({ name: "Mine", query: "assignee=me" });
  await store.comments.replace(
    one.id,
    [{ id: "c1", authorId: "p-ann", body: "A comment", createdAt: 1, updatedAt: 2 }],
    {},
    5,
  );
  if (!withChanges) return;
  await store.outbox.edit(one.id, [{ field: "title", from: "Issue 1", to: "Changed here" }], by);
  // An issue that was changed here and is gone since.
  await store.mirror.applyPage(source, makePage([makeIssue(5)]));
  const gone = (await cards(store)).find(({ key }) => key === "#5");
  assert.ok(gone);
  await store.outbox.edit(gone.id, [{ field: "title", from: gone.title, to: "Too late" }], by);
  await store.mirror.remove(source, ["n5"], "gone");
}

async function cards(store: Store) {
  const { issues } = await store.board.issues({
    filter: {},
    sort: { key: "created", reverse: true },
    limit: 50,
    cursor: null,
    me: {},
  });
  return issues;
}

/** The data that users would miss. */
async function shown(store: Store) {
  const details = await Promise.all((await cards(store)).map(({ id }) => store.board.detail(id)));
  return {
    issues: details.map(
      ({ key, title, status, labels, assignees, parent, cycle, estimate, dueDate, body, formerKeys }) => ({
        key,
        title,
        status,
        labels,
        assignees,
        cycle,
        estimate,
        dueDate,
        body,
        formerKeys,
        parent: parent?.ref ?? null,
      }),
    ),
    views: (await store.views.list()).map(({ name, query }) => ({ name, query })),
    comments: (await store.comments.list(details[0]?.id ?? 0)).map(({ id, body }) => ({ id, body })),
    gone: (await store.history.list({ limit: 50 }))
      .filter(({ field }) => field === "gone")
      .map(({ ref, tracker }) => `${ref} in ${tracker}`),
    outbox: (await store.outbox.list()).map(({ ref, kind, state }) => ({ ref, kind, state })),
    found: (await store.board.find({ key: "#9", prefix: "shop", sourceKey: null, tracker: "github", host: null }))
      .length,
  };
}

/** Copies the rows of a mirror into one of an earlier version, for the tables and columns that has. */
async function copyInto(place: Place, from: Place, version: number): Promise<void> {
  const options = { readOnly: false, findRefs: () => [], clock: systemClock };
  const source = await openDatabase({ ...from, ...options });
  const target = await openDatabase({ ...place, ...options });
  try {
    await migrate(target, version);
    await target.write("user", async (db) => {
      for (const [table, since] of tables) {
        if (since > version) continue;
        const columns = await columnsOf(db, target.kind, table);
        const { rows } = await source.read((read) =>
          sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(read),
        );
        await sql`delete from ${sql.table(table)}`.execute(db);
        for (const row of rows) {
          // The counter of local refs was added with the outbox.
          if (table === "sequence" && row["name"] === "local" && version < firstWithChanges) continue;
          const names = columns.filter((column) => column in row);
          await sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
            values (${sql.join(names.map((name) => row[name]))})`.execute(db);
        }
        if (target.kind === "postgres" && columns.includes("id") && !["issue", "operation_id"].includes(table)) {
          await sql`select setval(pg_get_serial_sequence(${table}, 'id'), coalesce((select max(id) from ${sql.table(table)}), 1))`.execute(
            db,
          );
        }
      }
      const { rows } = await sql<{ id: number; ref: string; title: string; record: string }>`
        select card.issue_id as id, ref, title, record from card join base on base.issue_id = card.issue_id`.execute(
        db,
      );
      await db.dialect.search.write(
        db,
        rows.map(({ id, ref, title, record }) => {
          const { body = "" } = JSON.parse(record) as { body?: string };
          return {
            id: Number(id),
            head: `${ref}\n${title}`,
            body: version < firstWithEmoji ? body.replaceAll("🍐", "") : body,
            comments: "",
          };
        }),
      );
    });
  } finally {
    await target.close();
    await source.close();
  }
}

async function columnsOf(db: Db | Trx, kind: "sqlite" | "postgres", table: string): Promise<readonly string[]> {
  const { rows } =
    kind === "sqlite"
      ? await sql<{ name: string }>`select name from pragma_table_info(${table})`.execute(db)
      : await sql<{
          name: string;
        }>`select column_name as name from information_schema.columns where table_name = ${table} and is_generated = 'NEVER'`.execute(
          db,
        );
  return rows.map(({ name }) => name);
}

describe("a mirror of any earlier version", () => {
  onEachDatabase(({ open, createPlace }) => {
    const make = async (withChanges: boolean) => {
      const place = await createPlace();
      const store = await open(place);
      await fill(store, { withChanges });
      const expected = await shown(store);
      assert.deepEqual(expected.gone, withChanges ? ["shop#5 in github"] : []);
      return { place, expected };
    };
    const made = new Map<boolean, ReturnType<typeof make>>();
    /** A mirror of the current version and what it shows; used only as a source of copies, so one of each kind is enough. */
    const present = (withChanges: boolean) => {
      const mirror = made.get(withChanges) ?? make(withChanges);
      made.set(withChanges, mirror);
      return mirror;
    };

    for (let version = 1; version < current; version += 1) {
      it(`of version ${version} is migrated to ${current} without loss, and stays usable`, async () => {
        const { place, expected } = await present(version >= firstWithChanges);
        const early = await createPlace();
        await copyInto(early, place, version);

        const upgraded = await open(early);
        const found = await shown(upgraded);
        assert.deepEqual(found, expected);
        assert.deepEqual(await upgraded.check(), []);

        const [source] = await upgraded.sources.list();
        assert.ok(source);
        const change = await upgraded.mirror.applyPage(
          source.id,
          makePage([makeIssue(2, { title: "Changed there" }), makeIssue(4)], { requestedAt: 20_000 }),
        );
        assert.equal(change.changed, 2);
        const [one] = await cards(upgraded);
        assert.ok(one);
        await upgraded.outbox.edit(one.id, [{ field: "title", from: one.title, to: "Edited" }], by);
        for (const q of ["pears", "🍐"]) {
          const hits = await upgraded.board.issues({
            filter: { q },
            sort: { key: "relevance", reverse: false },
            limit: 5,
            cursor: null,
            me: {},
          });
          assert.equal(hits.total, 1, q);
        }
        assert.deepEqual(await upgraded.check(), []);
      });
    }
  });
});
