import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Emulator } from "../../emulators/emulator.ts";
import { emulatedTrackers } from "../../emulators/start.ts";
import type { App, Serving } from "../../src/cli/app.ts";
import { composeApp } from "../../src/cli/compose.ts";
import { makeEmulatedHome } from "../../src/cli/fixture.ts";
import { createWebhookSecrets } from "../../src/config/webhook-secrets.ts";
import type { TrackersShape } from "../../src/server/contract/tracker.ts";
import { subjectOf } from "../../src/trackers/conformance/subject-of.ts";
import { findTracker } from "../../src/trackers/registry.ts";
import { assertMirrorEquals } from "../support/compare.ts";
import { after, before } from "../support/hooks.ts";

// Everything is real: the trackers send over HTTP to the server that `pan up` runs, which calls them over HTTP.
let home: Awaited<ReturnType<typeof makeEmulatedHome>>;
let app: App;
let serving: Serving;
let token: string;

before(async () => {
  home = await makeEmulatedHome(24);
  home.write("config", "server:\n  publicUrl: https://hooks.example.com\n");
  app = await composeApp({ paths: home.paths, env: { PANOPTICON_HOME: home.folder }, cwd: home.folder });
  serving = await app.serve({ host: "127.0.0.1", port: 0 });
  token = new URL(serving.address).searchParams.get("token") ?? "";
  const { failures } = await app.sync.syncNow();
  assert.deepEqual(failures, []);
  const secrets = createWebhookSecrets(home.paths.webhooksFile, Date.now);
  for (const tracker of emulatedTrackers) {
    const secret = secrets.ensure(tracker);
    const query = findTracker(tracker)?.webhooks.secretIn === "address" ? `?secret=${secret}` : "";
    emulatorOf(tracker).webhooks.register({ url: `${serving.url}/webhooks/${tracker}${query}`, secret });
  }
  await Promise.all(Object.values(home.emulators).map(({ webhooks }) => webhooks.settle()));
});

after(async () => {
  await app.close();
  await home[Symbol.asyncDispose]();
});

function emulatorOf(tracker: string): Emulator {
  const emulator = home.emulators[tracker];
  assert.ok(emulator);
  return emulator;
}

async function trackerState(tracker: string) {
  const response = await fetch(`${serving.url}/api/trackers`, { headers: { authorization: `Bearer ${token}` } });
  const { trackers } = (await response.json()) as TrackersShape;
  const found = trackers.find(({ connection }) => connection === tracker);
  assert.ok(found);
  return found;
}

/** How long until the mirror satisfies the condition, driven by its change events, in milliseconds. */
async function timeUntil(fits: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const check = () => {
    void fits().then((yes) => {
      if (yes) resolve(performance.now() - start);
    }, reject);
  };
  const off = app.sync.on(({ type }) => {
    if (type === "change") check();
  });
  const timer = setTimeout(() => reject(new Error("The mirror did not follow within 20 s.")), 20_000);
  check();
  return promise.finally(() => {
    off();
    clearTimeout(timer);
  });
}

async function find(tracker: string, nativeId: string) {
  const found = await app.store.board.find({
    key: "",
    nativeId,
    tracker,
    prefix: null,
    sourceKey: null,
    host: null,
  });
  return found[0] === undefined ? null : app.store.board.detail(found[0].id);
}

for (const tracker of emulatedTrackers) {
  describe(tracker, () => {
    test("an edit, a new issue and a deleted one reach the board within a second", async () => {
      const { world, sources, webhooks } = emulatorOf(tracker);
      const key = sources[0]?.key ?? "";
      const [issue, leaving] = world.issues(key);
      assert.ok(issue && leaving);
      world.edit(issue.nativeId, { title: "Told by a webhook" });
      const edited = await timeUntil(async () => (await find(tracker, issue.nativeId))?.title === "Told by a webhook");
      const made = world.create(key, { title: "New, told by a webhook" });
      const created = await timeUntil(async () => (await find(tracker, made.nativeId)) !== null);
      // On two busy cores; on its own it takes some tens of milliseconds.
      assert.ok(edited < 1000 && created < 1000, `${edited} ms, ${created} ms`);
      world.delete(leaving.nativeId);
      const { tellsNoDeletion } = await subjectOf(tracker);
      if (tellsNoDeletion !== true) await timeUntil(async () => (await find(tracker, leaving.nativeId)) === null);
      await webhooks.settle();
      for (const { status } of webhooks.deliveries()) assert.equal(status, 202);
    });

    test("comments are updated for issues that were viewed", async () => {
      const { world, sources } = emulatorOf(tracker);
      const issue = world.issues(sources[0]?.key)[3];
      assert.ok(issue);
      const { id } = (await find(tracker, issue.nativeId)) ?? { id: 0 };
      await app.sync.refreshIssue(id);
      world.comment(issue.nativeId, "Told by a webhook");
      await timeUntil(async () => (await app.store.comments.list(id)).some(({ body }) => body === "Told by a webhook"));
    });

    test("out of order and repeated: the board matches the tracker", async () => {
      const { world, sources, webhooks } = emulatorOf(tracker);
      const before = await trackerState(tracker);
      const issues = world.issues(sources[0]?.key).slice(0, 4);
      webhooks.hold();
      for (let round = 0; round < 3; round++) {
        for (const { nativeId } of issues) world.edit(nativeId, { title: `Round ${round}`, body: `${round}` });
      }
      await webhooks.release({ order: "reversed", times: 2 });
      await timeUntil(async () => {
        const shown = await Promise.all(issues.map(({ nativeId }) => find(tracker, nativeId)));
        return shown.every((issue) => issue?.title === "Round 2");
      });
      const now = await trackerState(tracker);
      assert.equal(now.webhooks.repeated - before.webhooks.repeated, 12);
      assert.equal(now.webhooks.state, "working");
      assert.equal(now.webhooks.address, `https://hooks.example.com/webhooks/${tracker}`);
    });

    test("a forged delivery changes nothing and is counted", async () => {
      const before = await trackerState(tracker);
      const response = await fetch(`${serving.url}/webhooks/${tracker}?secret=guessed`, {
        method: "POST",
        headers: { "x-gitlab-token": "guessed", "x-hub-signature": `sha256=${"0".repeat(64)}` },
        body: "{}",
      });
      assert.equal(response.status, 401);
      const now = await trackerState(tracker);
      assert.equal(now.webhooks.refused, before.webhooks.refused + 1);
      assert.equal(now.webhooks.deliveries, before.webhooks.deliveries);
    });
  });
}

test("nothing a tracker sends breaks anything", async () => {
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  const bodies = fc.sample(fc.oneof(fc.json(), fc.string({ unit: "binary" })), { numRuns: 25, seed });
  const secrets = createWebhookSecrets(home.paths.webhooksFile, Date.now);
  const secretOf = (tracker: string) => secrets.find(tracker) ?? "";
  const signed = (tracker: string, body: string) =>
    `sha256=${createHmac("sha256", secretOf(tracker)).update(body).digest("hex")}`;
  for (const body of bodies) {
    const senders: readonly (readonly [string, Record<string, string>])[] = [
      ["github", { "x-hub-signature-256": signed("github", body), "x-github-event": "issues" }],
      ["gitlab", { "x-gitlab-token": secretOf("gitlab") }],
      ["jira", { "x-hub-signature": signed("jira", body) }],
      [`rally?secret=${secretOf("rally")}`, {}],
    ];
    for (const [place, headers] of senders) {
      const response = await fetch(`${serving.url}/webhooks/${place}`, {
        method: "POST",
        headers,
        body,
      });
      assert.ok(
        response.status === 202 || response.status === 400,
        `${place} ${response.status}, seed ${seed}: ${body}`,
      );
      assert.doesNotMatch(await response.text(), /at .*\.ts:\d+/);
    }
  }
});

test("a replaced secret is accepted for a while, the new one immediately", async () => {
  const secrets = createWebhookSecrets(home.paths.webhooksFile, Date.now);
  const { world, sources, webhooks } = emulatorOf("jira");
  const [issue] = world.issues(sources[0]?.key);
  assert.ok(issue);
  secrets.replace("jira");
  world.edit(issue.nativeId, { title: "Signed with the former one" });
  await webhooks.settle();
  assert.equal(webhooks.deliveries().at(-1)?.status, 202);
  for (const { id } of webhooks.list()) webhooks.remove(id);
  webhooks.register({ url: `${serving.url}/webhooks/jira`, secret: secrets.find("jira") });
  world.edit(issue.nativeId, { title: "Signed with the new one" });
  await webhooks.settle();
  assert.equal(webhooks.deliveries().at(-1)?.status, 202);
  await timeUntil(async () => (await find("jira", issue.nativeId))?.title === "Signed with the new one");
});

test("in the end the mirror equals the trackers", async () => {
  const gone = await app.sync.syncNow({ sweep: true });
  assert.deepEqual(gone.failures, []);
  await assertMirrorEquals(app.store, Object.values(home.emulators));
});
