import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasCode } from "../conformance/assert-code.ts";
import { createMirror } from "../conformance/mirror.ts";
import { setStage } from "../conformance/stage.ts";
import { gitlabSubject, selfManagedSubject, statusesSubject } from "./subject.ts";

const subject = gitlabSubject;
const signal = new AbortController().signal;

describe("rights", () => {
  it("tells a token that only reads what it misses and where to get it", async (t) => {
    const { open, emulator } = await setStage(t, subject, { issues: 10 });
    const account = await open({ credentials: emulator.weakCredentials.values }).connection.verify();
    assert.deepEqual(account.scopes, ["read_api"]);
    assert.match(account.missing.join(" "), /read_api only.*\/-\/user_settings\/personal_access_tokens/);
  });

  it("reads the scopes of an OAuth token where GitLab tells them", async (t) => {
    const { connection } = await setStage(t, selfManagedSubject, { issues: 10 });
    const account = await connection.verify();
    assert.ok(account.scopes?.includes("api"));
    assert.deepEqual(account.missing, []);
  });
});

describe("a renamed project", () => {
  it("is found by its id, and said", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 30 });
    const mirror = createMirror();
    const { info } = await connection.describe(source, {});
    const known = { ...source, nativeId: info.id };
    await mirror.pull(connection, known);
    emulator.world.renameSource?.(source.key, "harborline/finance/ledger");

    const after = await connection.describe(known, {});
    assert.equal(after.info.key, "harborline/finance/ledger");
    assert.deepEqual(
      after.warnings?.map((warning) => [warning.code, warning.candidates]),
      [["invalid_input", ["harborline/finance/ledger"]]],
    );
    emulator.requests.clear();
    emulator.world.create("harborline/finance/ledger", { title: "after the renaming" });
    await mirror.pull(connection, known);
    assert.equal(mirror.issues.size, 31);
    const rest = emulator.requests.list().filter(({ url }) => !url.endsWith("/api/graphql"));
    assert.ok(rest.length > 0 && rest.every(({ url }) => url.includes(`/projects/${info.id}/`)));
    assert.ok(emulator.requests.list().every(({ status }) => status === 200));
  });

  it("is followed by its former path while the id is not known", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 30 });
    emulator.world.renameSource?.(source.key, "harborline/finance/ledger");
    const { info } = await connection.describe(source, {});
    assert.equal(info.key, "harborline/finance/ledger");
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.size, 30);
  });
});

describe("a moved issue", () => {
  it("leaves the mirror with the poll that brings what stays behind", async (t) => {
    const { connection, emulator } = await setStage(t, subject, { issues: 20, sources: 2 });
    const [from, to] = emulator.sources;
    assert.ok(from && to);
    const source = { key: from.key, historyMs: null, nativeId: from.id };
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const [first] = emulator.world.issues(from.key);
    assert.ok(first);
    emulator.world.move(first.nativeId, to.key);
    await mirror.pull(connection, source);
    assert.ok(!mirror.issues.has(first.nativeId));
    const live = (await Array.fromAsync(connection.sweep(source, signal))).flat();
    assert.ok(!live.some(({ nativeId }) => nativeId === first.nativeId));
    const result = await connection.read(source, first.nativeId, first.key);
    assert.ok(result.kind === "moved");
    const arrived = emulator.world
      .issues(to.key)
      .find(({ title, createdAt }) => title === first.title && createdAt === first.createdAt);
    assert.match(result.url ?? "", new RegExp(`/${to.key}/-/(issues|work_items)/${arrived?.key.slice(1)}$`));
  });
});

describe("relations", () => {
  for (const own of [subject, selfManagedSubject]) {
    it(`come with the list, and with reading what an issue duplicates (${own.label})`, async (t) => {
      const { connection, source, emulator } = await setStage(t, own, { issues: 600 });
      const mirror = createMirror();
      await mirror.pull(connection, source);
      const ids = new Set(emulator.world.issues(source.key).map(({ nativeId }) => nativeId));
      const listed = [...mirror.issues.values()];
      const types = new Set(listed.flatMap(({ relations }) => (relations ?? []).map(({ type }) => type)));
      assert.deepEqual([...types].sort(), ["blocked_by", "blocks", "relates"]);
      const related = [
        ...listed.filter(({ relations }) => relations === null).slice(0, 5),
        ...listed.filter(({ relations }) => relations !== null && relations.length > 0).slice(0, 25),
      ];
      const read = new Set<string>();
      for (const issue of related) {
        const result = await connection.read(source, issue.nativeId, issue.key, signal);
        assert.ok(result.kind === "issue" && result.issue.relations);
        if (issue.relations !== null) assert.deepEqual(result.issue, issue, "the same as listed");
        for (const { type, targetId } of result.issue.relations) {
          read.add(type);
          assert.ok(ids.has(targetId));
        }
      }
      assert.ok(read.has("duplicates"));
    });
  }

  it("come with reading from a server that is too old for more", async (t) => {
    const { connection, source } = await setStage(t, selfManagedSubject, { issues: 300, variant: "self-managed-15" });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const listed = [...mirror.issues.values()];
    assert.ok(listed.every(({ relations }) => relations === null));
    assert.ok(
      listed.some(({ parentId }) => parentId !== null),
      "parents it does tell",
    );
    const found = new Set<string>();
    for (const issue of listed.slice(0, 60)) {
      const result = await connection.read(source, issue.nativeId, issue.key, signal);
      assert.ok(result.kind === "issue" && result.issue.relations);
      for (const { type } of result.issue.relations) found.add(type);
    }
    assert.ok(found.has("blocked_by") && found.has("relates"));
  });
});

describe("a server that tells less of the kinds of issues", () => {
  for (const variant of ["self-managed-free", "self-managed-15"]) {
    it(`tells parents all the same: ${variant}`, async (t) => {
      const { connection, source } = await setStage(t, selfManagedSubject, { issues: 300, variant });
      await connection.describe(source, {});
      const mirror = createMirror();
      await mirror.pull(connection, source);
      const listed = [...mirror.issues.values()];
      assert.ok(listed.some(({ parentId }) => parentId !== null));
      const hasLinks = listed.some(({ relations }) => relations !== null && relations.length > 0);
      assert.equal(hasLinks, variant === "self-managed-free");
    });
  }

  it("tells which of their fields there are in the free software", async (t) => {
    const { connection, source } = await setStage(t, selfManagedSubject, { issues: 10, variant: "self-managed-free" });
    const { types } = await connection.describe(source, {});
    const [issue] = types.filter(({ name }) => name === "issue");
    assert.ok(issue?.has?.includes("dueDate") && !issue.has.includes("estimate"));
    assert.deepEqual(types.find(({ name }) => name === "incident")?.has?.includes("dueDate"), false);
  });
});

describe("work items", () => {
  it("are asked for once a page, and no more while nothing changes", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 250 });
    const mirror = createMirror();
    const asked = () => emulator.requests.list().filter(({ url }) => url.endsWith("/api/graphql")).length;
    await mirror.pull(connection, source);
    const pages = emulator.requests.list().filter(({ url }) => url.includes("order_by=updated_at")).length;
    assert.ok(asked() <= pages, `${asked()} for ${pages} pages`);
    emulator.requests.clear();
    for (let turn = 0; turn < 3; turn++) await mirror.pull(connection, source);
    assert.equal(asked(), 0);
    const [one, other] = emulator.world.issues(source.key);
    assert.ok(one && other);
    emulator.world.block?.(one.nativeId, other.nativeId);
    await mirror.pull(connection, source);
    assert.equal(asked(), 1);
    const relations = mirror.issues.get(one.nativeId)?.relations ?? [];
    assert.ok(relations.some(({ type, targetId }) => type === "blocked_by" && targetId === other.nativeId));
  });

  it("name the issues that tasks are parts of, and the epics that issues are", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 200 });
    const mirror = createMirror();
    const { pages } = await mirror.pull(connection, source);
    const named = new Map(pages.flatMap(({ seen }) => seen.named ?? []).map((other) => [other.id, other]));
    const parts = [...mirror.issues.values()].filter(({ parentId }) => parentId !== null);
    for (const { type, parentId } of parts) {
      const parent = named.get(parentId ?? "");
      if (type === "task") {
        const own = mirror.issues.get(parentId ?? "");
        assert.deepEqual([own?.type, own?.title], ["issue", parent?.title]);
      } else {
        assert.match(`${parent?.key} ${parent?.title}`, /^&\d+ (?:Invoices|Carriers) \w+/);
        assert.ok(parent?.url.startsWith(`${emulator.url}/groups/harborline/-/epics/`), parent?.url);
      }
    }
    assert.deepEqual(new Set(parts.map(({ type }) => type)), new Set(["task", "issue"]));
  });

  it("are done without where GraphQL is kept from the token, and asked for once", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 150 });
    emulator.faults.add({ kind: "server-error", value: 403, path: "/api/graphql", times: Infinity });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.size, 150);
    assert.equal(emulator.requests.list().filter(({ url }) => url.endsWith("/api/graphql")).length, 1);
    const { vocabulary, types } = await connection.describe(source, {});
    assert.deepEqual(
      vocabulary.states.map(({ id }) => id),
      ["opened", "closed"],
    );
    assert.deepEqual(
      types.map(({ name }) => name),
      ["issue", "incident", "task", "test_case"],
    );
  });

  it("stop a run that GraphQL's trouble would make blind to statuses", async (t) => {
    const { connection, source, emulator } = await setStage(t, statusesSubject, { issues: 150 });
    emulator.faults.add({ kind: "server-error", value: 502, path: "/api/graphql", times: Infinity });
    const mirror = createMirror();
    await assert.rejects(mirror.pull(connection, source), hasCode("unreachable"));
    assert.equal(mirror.issues.size, 0);
    emulator.faults.clear();
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.size, 150);
    assert.ok(
      [...mirror.issues.values()].every(({ type, stateId }) => stateId.startsWith("status:") === (type !== "incident")),
    );
  });
});

describe("what an issue has", () => {
  it("is an iteration where there is one, else a milestone; weight, due date and type", async (t) => {
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

  it("is only what the plan has: no iterations and weights on a free one", async (t) => {
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
  it("are what people wrote, not what GitLab remarks", async (t) => {
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

describe("a label that changes without moving the update time", () => {
  it("comes with the sweep", async (t) => {
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

describe("counting what history leaves out", () => {
  it("goes on beyond the 10,000 that the list counts", async (t) => {
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
  it("is asked for keyset paging once, and without it from then on", async (t) => {
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
  it("are opened for uploads only: no text makes us call the API with the token", async (t) => {
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

describe("a server asked at another address than it calls its own", () => {
  it("tells the same issues, with parents and links", async (t) => {
    const { connection, open, source, emulator } = await setStage(t, subject, { issues: 250 });
    const server = emulator.credentials["GITLAB_URL"] ?? "";
    const alias = server.replace("//127.0.0.1:", "//localhost:");
    assert.notEqual(alias, server);
    const [own, other] = [createMirror(), createMirror()];
    await own.pull(connection, source);
    await other.pull(open({ credentials: { GITLAB_URL: alias } }).connection, source);
    assert.equal(other.issues.size, 250);
    assert.ok([...own.issues.values()].some(({ parentId }) => parentId !== null));
    // Bodies name uploads at the address that is asked: they are fetched from there.
    const facts = ({ issues }: typeof own) =>
      [...issues.values()].map(({ key, parentId, relations, children }) => ({ key, parentId, relations, children }));
    assert.deepEqual(facts(other), facts(own));
  });
});
