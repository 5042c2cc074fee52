import assert from "node:assert/strict";
import { test } from "node:test";
import { fails, parse } from "../../../test/support/assert-finished.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { makeSyncedHome, type SyncedHome } from "../../../test/support/synced-home.ts";
import type { IssueDetailShape, IssueListShape } from "../../server/contract/issue.ts";
import type { KeptMovesShape } from "../../server/contract/shadow.ts";
import { projectKeys } from "../fixture.ts";

const limit = { timeout: 120_000 };

let home: SyncedHome;
before(async () => {
  home = await makeSyncedHome(40);
  home.write("projects", `projects:\n  one:\n    history: all\n    shadow: true\n${projectKeys(home.emulators, 0)}`);
}, limit);
after(() => home[Symbol.asyncDispose]());

const isMoved = ({ nativeId }: { nativeId: string }) =>
  home.hub.world.issues().some((issue) => issue.nativeId === nativeId && issue.labels.includes("in progress"));

/** Lists, sends and drops moves of two issues in the backlog. */
async function check(): Promise<void> {
  const listed = ["issues", "--json", "--tracker", "github", "--status", "backlog", "--project", "one"];
  const [one, two] = parse<IssueListShape>(await home.pan(...listed)).issues;
  assert.ok(one && two);
  for (const { ref } of [one, two]) assert.equal((await home.pan("move", ref, "in", "progress")).code, 0);
  assert.match((await home.pan("outbox")).stderr, /^2 moves kept here, in shadow mode \(pan shadow\)\.$/m);
  const { stdout, stderr } = await home.pan("shadow");
  assert.match(stdout, new RegExp(`^${two.ref}\\tBacklog\\tIn Progress\\t.+\\n${one.ref}\\tBacklog\\tIn Progress\\t`));
  assert.match(stderr, /2 moves; pan shadow send or drop/);
  assert.equal(parse<KeptMovesShape>(await home.pan("shadow", "--json", "--project", "one")).total, 2);

  fails(await home.pan("shadow", "send"), 2, /Say which moves: refs, or --all/);
  const sent = await home.pan("shadow", "send", one.ref);
  assert.equal(sent.stdout, "1 move sent.\n", sent.stderr);
  assert.deepEqual([isMoved(one), isMoved(two)], [true, false]);
  const history = await home.pan("show", one.ref, "--history", "2");
  assert.match(history.stdout, /status: Backlog → In Progress\t\n[^\n]*status: Backlog → In Progress\tkept\n/);
  fails(await home.pan("shadow", "drop", one.ref), 3, /No move of .* stays here/);
  assert.equal((await home.pan("shadow", "drop", "--all", "--project", "one")).stdout, "1 move dropped.\n");
  const shown = parse<IssueDetailShape>(await home.pan("show", two.ref, "--json"));
  assert.deepEqual([shown.status, shown.shadow, isMoved(two)], ["backlog", null, false]);
  assert.match((await home.pan("shadow")).stderr, /No moves stay here/);
}

test("pan shadow lists, sends and drops moves without a server", limit, check);

test("and through a server", limit, async () => {
  const server = home.start(["up", "--port", "0", "--no-open"]);
  await server.until(/Panopticon runs at/);
  await check();
  await home.pan("down");
  await server.finished;
});
