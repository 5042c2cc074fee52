import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import pg from "pg";
import { addSources, onEachDatabase } from "../../test/support/each-database.ts";
import type { Place } from "../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource } from "../../test/support/store-fixtures.ts";
import { systemClock } from "../domain/clock.ts";
import { openStore } from "./open-store.ts";

const shop = makeSource("acme/shop");

/** Runs a statement directly on the database. */
async function run(place: Place, statement: string): Promise<void> {
  if (place.databaseUrl === null) {
    const db = new DatabaseSync(place.file);
    db.exec(statement);
    db.close();
    return;
  }
  const client = new pg.Client({ connectionString: place.databaseUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}

describe("opening a mirror", () => {
  onEachDatabase(({ kind, open, createPlace }) => {
    it("keeps everything after closing and reopening", async () => {
      const place = await createPlace();
      const first = await openStore({ ...place, clock: systemClock });
      const [source = 0] = await addSources(first, shop);
      await first.mirror.applyPage(source, makePage([makeIssue(1)], { sync: { cursor: { since: "then" } } }));
      await first.close();
      await first.close();
      const second = await open(place);
      assert.equal(await second.board.total(), 1);
      assert.deepEqual((await second.sources.get(source)).sync.cursor, { since: "then" });
      assert.deepEqual(await second.check(), []);
    });

    it("refuses a mirror of a newer version and does not change it", async () => {
      const place = await createPlace();
      await (await openStore({ ...place, clock: systemClock })).close();
      await run(place, "update schema_version set version = 999");
      for (const readOnly of [true, false]) {
        await assert.rejects(openStore({ ...place, clock: systemClock, readOnly }), (error: Error) => {
          assert.match(error.message, /newer version/);
          return Reflect.get(error, "code") === "unsupported" && typeof Reflect.get(error, "hint") === "string";
        });
      }
    });

    it("treats a mirror without tables, as left by a full disk, as missing", async () => {
      const place = await createPlace();
      await (await openStore({ ...place, clock: systemClock })).close();
      const read = () => openStore({ ...place, clock: systemClock, readOnly: true });
      await run(place, "delete from schema_version");
      await assert.rejects(read(), { code: "not_found" });
      await run(place, "drop table schema_version");
      await assert.rejects(read(), { code: "not_found" });
    });

    it("reads while another process writes, and refuses to write itself", async () => {
      const place = await createPlace();
      const writer = await open(place);
      const [source = 0] = await addSources(writer, shop);
      const reader = await open({ ...place, readOnly: true });
      await writer.mirror.applyPage(source, makePage([makeIssue(1, { title: "Falcon" })]));
      assert.equal(await reader.board.total(), 1);
      const sort = { key: "updated", reverse: false } as const;
      const found = await reader.board.issues({ filter: { q: "falcon" }, sort, limit: 5, cursor: null, me: {} });
      assert.equal(found.total, 1);
      await assert.rejects(reader.views.create({ name: "x", query: "" }), /read-only/);
    });

    it("reports wrong counts", async () => {
      const place = await createPlace();
      const store = await open(place);
      const [source = 0] = await addSources(store, shop);
      await store.mirror.applyPage(source, makePage([makeIssue(1)]));
      assert.deepEqual(await store.check(), []);
      await run(place, "update source_count set issues = 2");
      assert.deepEqual(await store.check(), ["the counts of github:acme/shop are not true"]);
    });

    if (kind === "SQLite") {
      it("reads after the writer has exited", async () => {
        const place = await createPlace();
        const writer = await openStore({ ...place, clock: systemClock });
        await addSources(writer, shop);
        await writer.close();
        const reader = await open({ ...place, readOnly: true });
        assert.equal((await reader.sources.list()).length, 1);
      });

      it("reports a missing mirror without creating one", async () => {
        const place = await createPlace();
        await assert.rejects(openStore({ ...place, clock: systemClock, readOnly: true }), { code: "not_found" });
        assert.equal(existsSync(place.file), false);
      });

      it("reports why a file is not a mirror or cannot be opened", async () => {
        const place = await createPlace();
        writeFileSync(place.file, "This is a text, and a long one, but no database at all. ".repeat(40));
        await assert.rejects(openStore({ ...place, clock: systemClock }), { code: "internal", message: /damaged/ });
        assert.match(readFileSync(place.file, "utf8"), /^This is a text/);
        const nowhere = { ...place, file: `${place.file}-folder/missing/mirror.db` };
        await assert.rejects(openStore({ ...nowhere, clock: systemClock }), {
          code: "internal",
          message: /cannot be opened/,
        });
      });

      it("reports a full disk, keeps stored data and continues when there is room", async () => {
        const place = await createPlace();
        const full = await openStore({ ...place, clock: systemClock, limits: { maxPages: 120 } });
        const [source = 0] = await addSources(full, shop);
        let stored = 0;
        let failure: unknown;
        while (failure === undefined && stored < 200) {
          const changes = Array.from({ length: 20 }, (_, index) =>
            makeIssue(stored * 20 + index, { body: `filler ${stored} `.repeat(150) }),
          );
          try {
            await full.mirror.applyPage(source, makePage(changes, { sync: { resume: { stored: stored + 1 } } }));
            stored += 1;
          } catch (error) {
            failure = error;
          }
        }
        assert.ok(stored > 0 && failure instanceof Error);
        assert.match(failure.message, /is full/);
        assert.equal(Reflect.get(failure, "code"), "internal");
        assert.match(String(Reflect.get(failure, "hint")), /Free up space/);
        assert.equal(await full.board.total(), stored * 20, "the board still answers");
        assert.deepEqual((await full.sources.get(source)).sync.resume, { stored });
        await full.close();
        const roomy = await open(place);
        assert.deepEqual(await roomy.check(), []);
        await roomy.mirror.applyPage(source, makePage([makeIssue(99_999)]));
        assert.equal(await roomy.board.total(), stored * 20 + 1);
      });
    } else {
      it("reports what is wrong with the server or its URL", async () => {
        const { databaseUrl } = await createPlace();
        assert.ok(databaseUrl !== null);
        const at = (url: string) => openStore({ databaseUrl: url, file: "", clock: systemClock });
        await assert.rejects(at("postgres://pan:secret@127.0.0.1:1/none"), (error: Error) => {
          assert.match(error.message, /127\.0\.0\.1:1\/none cannot be reached/);
          return !error.message.includes("secret");
        });
        await assert.rejects(at(databaseUrl.replace(/test_\d+/, "missing")), { message: /refused Panopticon/ });
      });
    }
  });
});
