import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasCode } from "../conformance/assert-code.ts";
import { createMirror } from "../conformance/mirror.ts";
import { setStage } from "../conformance/stage.ts";
import { gitlabSubject, selfManagedSubject } from "./subject.ts";

const subject = gitlabSubject;
const signal = new AbortController().signal;

describe("permissions", () => {
  it("reports the scope that a read-only token lacks, and where to get it", async (t) => {
    const { open, emulator } = await setStage(t, subject, { issues: 10 });
    const account = await open({ credentials: emulator.weakCredentials.values }).connection.verify();
    assert.deepEqual(account.scopes, ["read_api"]);
    assert.match(account.missing.join(" "), /only the scope read_api.*\/-\/user_settings\/personal_access_tokens/);
  });

  it("reads the scopes of an OAuth token if GitLab tells them", async (t) => {
    const { connection } = await setStage(t, selfManagedSubject, { issues: 10 });
    const account = await connection.verify();
    assert.ok(account.scopes?.includes("api"));
    assert.deepEqual(account.missing, []);
  });

  it("requests a token's scopes once, for any number of projects", async (t) => {
    const { connection, emulator } = await setStage(t, subject, { issues: 10, sources: 2 });
    await connection.verify();
    const sources = emulator.sources.map(({ key }) => ({ key, historyMs: null, nativeId: null }));
    const schemas = await Promise.all(sources.map((source) => connection.describe(source, {})));
    assert.deepEqual(
      schemas.map(({ writable }) => writable.allowed),
      [true, true],
    );
    const asked = emulator.requests.list().filter(({ url }) => url.includes("/personal_access_tokens/self"));
    assert.equal(asked.length, 1);
  });
});

describe("the fields of an issue", () => {
  it("are an iteration if there is one, else a milestone; weight, due date and type", async (t) => {
    const { connection, source } = await setStage(t, subject, { issues: 300 });
    const { vocabulary } = await connection.describe(source, {});
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const issues = [...mirror.issues.values()];
    const cycles = new Map(vocabulary.cycles.map((cycle) => [cycle.id, cycle]));
    const kinds = new Set(issues.map(({ cycleId }) => cycleId?.split(":")[0] ?? "none"));
    assert.deepEqual(kinds, new Set(["iteration", "milestone", "none"]));
    const iteration = issues.find(({ cycleId }) => cycleId?.startsWith("iteration:"))?.cycleId ?? "";
    assert.match(cycles.get(iteration)?.name ?? "", /^\d{4}-\d\d-\d\d – \d{4}-\d\d-\d\d$/, "made without a title");
    assert.ok(issues.some(({ estimate }) => estimate !== null));
    assert.ok(issues.some(({ dueDate }) => /^\d{4}-\d\d-\d\d$/.test(dueDate ?? "")));
    assert.deepEqual([...new Set(issues.map(({ type }) => type))].sort(), ["incident", "issue", "task"]);
  });

  it("depend on the plan: no iterations and weights on a free one", async (t) => {
    const { connection, emulator } = await setStage(t, subject, { issues: 200, sources: 2 });
    const source = { key: emulator.sources[1]?.key ?? "", historyMs: null, nativeId: null };
    const { vocabulary, warnings } = await connection.describe(source, {});
    assert.deepEqual(warnings, []);
    assert.ok(vocabulary.cycles.every(({ id }) => id.startsWith("milestone:")));
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.ok([...mirror.issues.values()].every(({ estimate }) => estimate === null));
  });
});

describe("comments", () => {
  it("are what people wrote, without GitLab's system notes", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 200 });
    const counts: number[] = [];
    const mirror = createMirror();
    await mirror.pull(connection, source);
    for (const { nativeId, key, commentCount } of [...mirror.issues.values()].slice(0, 20)) {
      const pages = await Array.fromAsync(connection.comments(source, nativeId, key));
      const comments = pages.flatMap((page) => page.comments);
      assert.equal(comments.length, commentCount);
      counts.push(comments.length);
    }
    assert.ok(counts.some((count) => count > 0));
    assert.ok(emulator.requests.list().some(({ url }) => url.includes("activity_filter=only_comments")));
  });
});

describe("a label change that does not affect the update time", () => {
  it("is found by the sweep", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 40 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const [issue] = emulator.world.issues(source.key);
    assert.ok(issue);
    emulator.world.edit(issue.nativeId, { labels: ["workflow::in review"], updatedAt: issue.updatedAt });
    const { vocabulary } = await connection.describe(source, {});
    const label = vocabulary.labels.find(({ name }) => name === "workflow::in review")?.id;
    const live = (await Array.fromAsync(connection.sweep(source, signal))).flat();
    const found = live.find(({ nativeId }) => nativeId === issue.nativeId)?.found;
    assert.deepEqual(found?.issue.labelIds, [label]);
    assert.ok(live.every((one) => one.found !== undefined));
  });
});

describe("counting issues outside the history window", () => {
  it("works beyond the 10,000 that the list counts", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 10_400, closed: 1 });
    const historyMs = 24 * 60 * 60_000;
    const outside = await connection.countOutside({ ...source, historyMs });
    const expected = emulator.world.issues(source.key).filter(({ updatedAt }) => updatedAt < Date.now() - historyMs);
    assert.ok(expected.length > 10_000);
    assert.equal(outside, expected.length);
    assert.ok(emulator.requests.list().some(({ url }) => url.includes("/issues_statistics?")));
  });
});

describe("unchanged lists", () => {
  it("answer 304 while nothing changes", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 30 });
    const mirror = createMirror();
    for (let turn = 0; turn < 3; turn++) await mirror.pull(connection, source);
    emulator.requests.clear();
    await mirror.pull(connection, source);
    assert.deepEqual(
      emulator.requests.list().map(({ status }) => status),
      [304],
    );
  });
});

describe("an older server", () => {
  it("is asked for keyset paging once, and used without it from then on", async (t) => {
    const { connection, source, emulator } = await setStage(t, selfManagedSubject, { issues: 250 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.size, 250);
    const asked = emulator.requests.list().filter(({ url }) => url.includes("pagination=keyset"));
    assert.deepEqual(
      asked.map(({ status }) => status),
      [405],
    );
  });
});

describe("files", () => {
  it("are opened only for uploads: no text makes Panopticon call the API with the token", async (t) => {
    const { connection, emulator } = await setStage(t, subject, { issues: 5 });
    for (const path of [
      "/api/v4/user",
      "/api/v4/projects/40100/variables",
      "/-/project/40100/settings",
      "/api/graphql",
    ]) {
      emulator.requests.clear();
      await assert.rejects(connection.openFile(emulator.url + path), hasCode("forbidden"), path);
      assert.equal(emulator.requests.count(), 0);
    }
  });
});

describe("a server with a different address than it states", () => {
  it("returns the same issues, with parents and links", async (t) => {
    const { connection, open, source, emulator } = await setStage(t, subject, { issues: 250 });
    const server = emulator.credentials["GITLAB_URL"] ?? "";
    const alias = server.replace("//127.0.0.1:", "//localhost:");
    assert.notEqual(alias, server);
    const [own, other] = [createMirror(), createMirror()];
    await own.pull(connection, source);
    await other.pull(open({ credentials: { GITLAB_URL: alias } }).connection, source);
    assert.equal(other.issues.size, 250);
    assert.ok([...own.issues.values()].some(({ parentId }) => parentId !== null));
    // Bodies name uploads at the configured address, from which they are fetched.
    const facts = ({ issues }: typeof own) =>
      [...issues.values()].map(({ key, parentId, relations, children }) => ({ key, parentId, relations, children }));
    assert.deepEqual(facts(other), facts(own));
  });
});
