import assert from "node:assert/strict";
import { test } from "node:test";
import { makeIssue } from "../../../test/support/store-fixtures.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { PullPage, TrackerConnection } from "../../trackers/tracker.ts";
import { beginPull } from "./pull-source.ts";

const row = { config: { key: "acme/shop", historyMs: null }, info: null, sync: { cursor: null, resume: null } };

/** A run over pages with 100 issues each, ended by the last; a promise is a page that is slow to arrive. */
function begin(pages: readonly (number | Promise<number>)[]) {
  async function* pull(): AsyncGenerator<PullPage, void, undefined> {
    for (const [index, coming] of pages.entries()) {
      const number = await coming;
      const isLast = index === pages.length - 1;
      yield {
        changes: Array.from({ length: 100 }, (_, place) => makeIssue(number * 1000 + place)),
        removed: [],
        rejected: [],
        seen: {},
        requestedAt: number,
        resume: isLast ? null : { number },
        finished: isLast ? { advanced: {}, kept: {} } : null,
        progress: { done: number, total: null },
      };
    }
  }
  return beginPull({ pull } as unknown as TrackerConnection, row as unknown as SourceRow, new AbortController().signal);
}

const taken = (page: { readonly changes: readonly unknown[]; readonly progress: { done: number } } | null) =>
  page && [page.changes.length, page.progress.done];

test("pages that arrive fast are taken together, a few hundred issues at a time", async () => {
  const pull = begin([1, 2, 3, 4, 5, 6]);
  assert.deepEqual(taken(await pull.take()), [400, 4]);
  const rest = await pull.take();
  assert.deepEqual([taken(rest), rest?.finished], [[200, 6], { advanced: {}, kept: {} }]);
  await pull.end();
});

test("pages at hand do not wait for a slow page", async () => {
  const slow = Promise.withResolvers<number>();
  const pull = begin([1, 2, slow.promise]);
  assert.deepEqual(taken(await pull.take()), [200, 2]);
  slow.resolve(3);
  assert.deepEqual(taken(await pull.take()), [100, 3]);
  await pull.end();
});

test("pages before a failure are taken before it is thrown", async () => {
  const pull = begin([1, 2, Promise.reject(new Error("the line is cut"))]);
  assert.deepEqual(taken(await pull.take()), [200, 2]);
  await assert.rejects(pull.take(), /the line is cut/);
  await pull.end();
});
