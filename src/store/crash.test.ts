import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { addSources, onEachDatabase } from "../../test/support/each-database.ts";
import { after } from "../../test/support/hooks.ts";
import { makeIssue, makePage, makeSource } from "../../test/support/store-fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "pan-crash-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const pageSize = 40;

/** Applies page after page until it is killed; the resume point tells how many are stored. */
const program = join(folder, "apply.ts");
const href = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
writeFileSync(
  program,
  `import { openStore } from ${href("open-store.ts")};
   import { systemClock } from ${href("../domain/clock.ts")};
   import { makeIssue, makePage } from ${href("../../test/support/store-fixtures.ts")};
   const [file, databaseUrl, source] = process.argv.slice(2);
   const store = await openStore({ databaseUrl: databaseUrl || null, file, clock: systemClock });
   const { resume } = (await store.sources.get(Number(source))).sync;
   for (let pages = resume?.pages ?? 0; ; pages += 1) {
     const changes = Array.from({ length: ${pageSize} }, (_, index) =>
       makeIssue(pages * ${pageSize} + index, { body: "words that are searched ".repeat(40) }));
     await store.mirror.applyPage(Number(source), makePage(changes, { sync: { resume: { pages: pages + 1 } } }));
     process.send(pages + 1);
   }`,
);

/** Changes the title of one issue after another until it is killed. */
const editor = join(folder, "edit.ts");
writeFileSync(
  editor,
  `import { openStore } from ${href("open-store.ts")};
   import { systemClock } from ${href("../domain/clock.ts")};
   const [file, databaseUrl, ...ids] = process.argv.slice(2);
   const store = await openStore({ databaseUrl: databaseUrl || null, file, clock: systemClock });
   for (const id of ids) {
     const { shown } = await store.outbox.issue(Number(id));
     const change = { field: "title", from: shown.title, to: "Changed" };
     const { operation } = await store.outbox.edit(Number(id), [change], { actor: "you", session: "s1" });
     process.send(operation);
   }`,
);

describe("a crash while changes are saved", () => {
  onEachDatabase(({ open, createPlace }) => {
    it("leaves each change complete: its operation, what is shown, its history line, its undo entry and the change log", async () => {
      const place = await createPlace();
      const store = await open(place);
      const [source = 0] = await addSources(store, makeSource("acme/shop"));
      await store.mirror.applyPage(source, makePage(Array.from({ length: 200 }, (_, index) => makeIssue(index + 1))));
      const query = { filter: {}, sort: { key: "created", reverse: false }, cursor: null, me: {} } as const;
      const cards = async () => (await store.board.issues({ ...query, limit: 500 })).issues;
      const before = await store.changes.sequence();
      for (const wanted of [1, 2, 3, 5, 8, 13]) {
        const left = (await cards()).filter(({ title }) => title !== "Changed").map(({ id }) => String(id));
        const child = fork(editor, [place.file, place.databaseUrl ?? "", ...left], {
          execArgv: ["--disable-warning=ExperimentalWarning"],
        });
        const acknowledged: number[] = [];
        for (let change = 0; change < wanted; change += 1) acknowledged.push(Number((await once(child, "message"))[0]));
        child.kill("SIGKILL");
        await once(child, "exit");

        const queued = await store.outbox.list();
        assert.deepEqual(
          acknowledged.filter((id) => !queued.some((operation) => operation.id === id)),
          [],
        );
        const changed = (await cards()).filter(({ title }) => title === "Changed").map(({ id }) => id);
        const issues = queued.map(({ issueId }) => issueId).toSorted((a, b) => a - b);
        assert.deepEqual(
          changed.toSorted((a, b) => a - b),
          issues,
        );
        const lines = await store.history.list({ limit: 500 });
        assert.equal(lines.filter(({ field }) => field === "title").length, issues.length);
        for (const { id } of queued) assert.equal((await store.undo.ofOperation(id)).length, 1);
        assert.equal((await store.changes.since(before))?.refs.length, issues.length);
      }
      assert.deepEqual(await store.check(), []);
    });
  });
});

describe("a crash while pages are stored", () => {
  onEachDatabase(({ open, createPlace }) => {
    it("leaves complete pages and the matching resume point", async () => {
      const place = await createPlace();
      const store = await open(place);
      const [source = 0] = await addSources(store, makeSource("acme/shop"));
      for (const wanted of [1, 2, 3, 5, 8]) {
        const child = fork(program, [place.file, place.databaseUrl ?? "", String(source)], {
          execArgv: ["--disable-warning=ExperimentalWarning"],
        });
        let acknowledged = 0;
        // The next page started while this message was in flight.
        for (let page = 0; page < wanted; page += 1) [acknowledged] = await once(child, "message");
        child.kill("SIGKILL");
        await once(child, "exit");
        const row = await store.sources.get(source);
        const pages = Number(row.sync.resume?.["pages"]);
        assert.ok(pages >= acknowledged);
        assert.equal(row.issues, pages * pageSize);
        const query = { sort: { key: "updated", reverse: false }, limit: 1, cursor: null, me: {} } as const;
        const found = await store.board.issues({ ...query, filter: { q: "searched" } });
        assert.equal(found.total, pages * pageSize);
        assert.equal(await store.changes.sequence(), pages * pageSize);
      }
      assert.deepEqual(await store.check(), []);
    });
  });
});
