import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { addHistory, fillStore } from "../../../test/support/invented-issues.ts";
import { openTestStore } from "../../../test/support/open-test-store.ts";
import { startServerHarness } from "../../../test/support/server-harness.ts";
import { makeSource } from "../../../test/support/store-fixtures.ts";
import { parse } from "../../../test/support/assert-finished.ts";
import { writeFileAtomically } from "../../config/atomic-file.ts";
import type { IssueDetailShape } from "../../server/contract/issue.ts";
import type { Store } from "../../store/store.ts";
import { makePanHome, type PanHome } from "../fixture.ts";

const number = 3;
const changes = 1_150;

async function fill(store: Store): Promise<void> {
  await fillStore(store, 5, Date.now());
  const [source = assert.fail()] = await store.sources.list();
  await addHistory(store, source, number, changes);
}

/** What `pan show` says of the issue's changes. */
async function check(home: PanHome, ref: string): Promise<void> {
  const show = (...args: string[]) => home.here(["show", ref, ...args]);
  const titles = (text: string) => [...text.matchAll(/title: .* → Title (\d+)/g)].map(([, title]) => Number(title));
  const newest = (count: number) => Array.from({ length: count }, (_, index) => changes - index);
  const toSee = `pan show ${ref} --history all$`;

  const plain = await show();
  assert.deepEqual(titles(plain.stdout), []);
  assert.match(plain.stderr, new RegExp(`^1,150 changes not shown; to see them: ${toSee}`, "m"));

  const few = await show("--history", "3");
  assert.deepEqual(titles(few.stdout), newest(3));
  assert.match(few.stdout, /^1,150 changes$/m);
  assert.match(few.stderr, new RegExp(`^1,147 older changes not shown; to see them too: ${toSee}`, "m"));

  const all = await show("--history", "all");
  assert.deepEqual(titles(all.stdout), newest(changes));
  assert.doesNotMatch(all.stderr, /not shown/);

  const json = await show("--json");
  const issue = parse<IssueDetailShape>(json);
  assert.deepEqual([issue.history.length, issue.historyTotal], [100, changes]);
  assert.match(json.stderr, /^1,050 older changes not shown;/m);
  const whole = parse<IssueDetailShape>(await show("--json", "--history", "all"));
  assert.deepEqual([whole.history.length, whole.historyCursor], [changes, null]);
  const cut = parse<IssueDetailShape>(await show("--json", "--history", "2"));
  assert.deepEqual(
    cut.history.map(({ to }) => to),
    [`Title ${changes}`, `Title ${changes - 1}`],
  );
  assert.equal((await show("--history", "0")).code, 2);
}

test("pan show prints the newest changes and says how many are older, from the mirror", async () => {
  await using home = makePanHome();
  mkdirSync(home.paths.home, { recursive: true });
  const store = await openTestStore(home.paths.databaseFile);
  await store.sources.reconcile([makeSource("acme/shop")]);
  await fill(store);
  await store.close();
  await check(home, `shop#${number}`);
});

test("and through the server", async () => {
  const harness = await startServerHarness({ prepare: fill });
  try {
    await using home = makePanHome();
    mkdirSync(home.paths.home, { recursive: true });
    const { url, token } = harness;
    writeFileAtomically(home.paths.serverFile, JSON.stringify({ pid: process.pid, url, token, version: "" }), 0o600);
    await check(home, `app#${number}`);
  } finally {
    await harness.close();
  }
});
