import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, parse } from "../../../test/support/assert-finished.ts";
import { type ChangingHome, openChangingHome } from "../../../test/support/changing-home.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually, sourceOf, startPan, untilTrackers } from "../../../test/support/stage.ts";
import type { IssueDetailShape } from "../../server/contract/issue.ts";

const limit = { timeout: 100_000 };

let home: ChangingHome;
before(async () => {
  home = await openChangingHome();
}, limit);
after(() => home[Symbol.asyncDispose]());

describe("without a server", { concurrency: false }, () => {
  test("undo reverts the commands' changes one by one", limit, async () => {
    const { ref, nativeId, title } = home.hub(2);
    assert.equal((await home.pan("edit", ref, "--title", "Once")).code, 0);
    assert.equal((await home.pan("edit", ref, "--title", "Twice")).code, 0);
    assert.equal((await home.here(["undo"])).stdout, `Restored the title of ${ref}.\n`);
    assert.equal(home.inTracker(nativeId)?.title, "Once");
    assert.equal((await home.here(["undo"])).code, 0);
    assert.equal(home.inTracker(nativeId)?.title, title);
  });

  test("creates an issue, which gets its name from its tracker", limit, async () => {
    const issue = parse<IssueDetailShape>(
      await home.pan("create", "Made here", "--source", sourceOf(home.github), "--assign", "me", "--json"),
    );
    assert.match(issue.ref, new RegExp(`^${RegExp.escape(home.word)}#\\d+$`));
    assert.equal(home.inTracker(issue.nativeId)?.title, "Made here");
  });

  test("an interrupted command says where its change is kept", limit, async () => {
    const { ref, nativeId } = home.hub(8);
    home.github.faults.add({ kind: "slow", path: "/repos/", times: 1000, value: 60_000 });
    const editing = home.start(["edit", ref, "--title", "Interrupted"]);
    const operation = await eventually(
      async () => (await home.outbox()).find(({ state }) => state === "sending"),
      "it is on its way",
    );
    editing.process.kill("SIGINT");
    const { code, stderr } = await editing.finished;
    assert.equal(code, 130);
    assert.match(stderr, new RegExp(`Interrupted\\. .* kept in the outbox as entry ${operation.id} `));
    home.github.faults.clear();
    assert.equal((await home.here(["outbox", "retry", String(operation.id)])).code, 0);
    assert.equal(home.inTracker(nativeId)?.title, "Interrupted");
  });

  test("keeps and lists what cannot be delivered, and delivers it later", limit, async () => {
    const { ref, nativeId } = home.hub(7);
    home.github.faults.add({ kind: "server-error", path: "/repos/", times: 1000 });
    const offline = await home.pan("edit", ref, "--title", "Offline");
    assert.equal(offline.code, 0);
    assert.match(offline.stderr, /Not sent to the tracker yet: .*in the outbox as entry \d+/);
    assert.match((await home.here(["status"])).stdout, /mirrored; 1 change pending \(pan outbox\)/);
    const [operation] = await home.outbox();
    assert.deepEqual([operation?.ref, operation?.fields[0]?.to], [ref, "Offline"]);
    const listed = await home.here(["outbox"]);
    assert.match(listed.stdout, /title: .* → Offline/);
    assert.match(listed.stderr, /1 change; pan up or pan sync sends what waits/);
    assert.doesNotMatch(`${offline.stderr}${listed.stdout}`, /next retry/, "nobody is there to retry");
    home.github.faults.clear();
    const retried = await home.here(["outbox", "retry", String(operation?.id)]);
    assert.equal(retried.code, 0, retried.stderr);
    assert.equal(home.inTracker(nativeId)?.title, "Offline");
    assert.deepEqual(await home.outbox(), []);
  });

  test("pan sync sends what waits, and says what still does", limit, async () => {
    const { ref, nativeId } = home.hub(10);
    home.github.faults.add({ kind: "server-error", path: "/repos/", times: 1000 });
    await home.pan("edit", ref, "--title", "Waits for a sync");
    const vain = await home.here(["sync", "github"]);
    assert.match(vain.stderr, /1 change is still in the outbox \(pan outbox\)\./);
    assert.notEqual(home.inTracker(nativeId)?.title, "Waits for a sync");
    home.github.faults.clear();
    const sent = await home.here(["sync", "github"]);
    assert.deepEqual([sent.code, sent.stderr], [0, ""]);
    assert.equal(home.inTracker(nativeId)?.title, "Waits for a sync");
    assert.deepEqual(await home.outbox(), []);
  });

  test("a text changed meanwhile is merged, or both versions are kept", limit, () => home.editAgainst(11));

  test("a conflict keeps both values until the user chooses one", limit, async () => {
    const { ref, nativeId } = home.hub(8);
    home.github.world.edit(nativeId, { title: "Theirs" });
    fails(await home.pan("edit", ref, "--title", "Mine"), 5, /In conflict: title also changed in the tracker/);
    const [operation] = await home.outbox();
    assert.deepEqual([operation?.state, operation?.fields[0]?.theirs], ["conflict", "Theirs"]);
    const id = String(operation?.id);
    fails(await home.here(["outbox", "resolve", id]), 2, /Choose which value to keep/);
    assert.equal((await home.here(["outbox", "resolve", id, "--mine"])).code, 0);
    assert.equal(home.inTracker(nativeId)?.title, "Mine");
    assert.deepEqual(await home.outbox(), []);
    fails(await home.here(["outbox", "resolve", id, "--mine"]), 5, /Outbox entry \d+ is \w+, not in conflict/);
    fails(await home.here(["outbox", "resolve", "123456", "--theirs"]), 3, /no entry 123456/);
  });

  test("a rate limit met by one command holds for the next ones and for the server", limit, async () => {
    home.github.faults.add({ kind: "rate-limit", value: 600, times: 1 });
    fails(await home.here(["sync", "github"]), 1, /limit/);
    home.github.requests.clear();
    fails(await home.here(["sync", "github"]), 1, /next request is allowed at \d\d:\d\d, in \d+ minutes\./);
    const offline = await home.pan("edit", home.hub(9).ref, "--title", "Later");
    assert.match(
      offline.stderr,
      /Not sent to the tracker yet: .*; it can be sent in \d+ min.*pan up or pan sync sends it\./,
    );
    const { stdout, stderr } = await home.here(["status"]);
    assert.match(stdout, /GitHub\s+rate limited/);
    assert.match(stderr, /next request is allowed at \d\d:\d\d, in \d+ minutes\./);
    const server = await startPan(home);
    const said = await untilTrackers(
      server,
      ({ trackers }) => trackers.some(({ id, health }) => id === "github" && health === "limited"),
      "the server keeps to the limit",
    );
    assert.ok(said.trackers.every(({ health }) => health !== "unreachable"));
    await server.stop();
    assert.equal(home.github.requests.count(), 0, "nothing was sent");
  });
});
