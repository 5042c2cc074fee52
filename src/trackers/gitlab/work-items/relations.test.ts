import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasCode } from "../../conformance/assert-code.ts";
import { createMirror } from "../../conformance/mirror.ts";
import { setStage } from "../../conformance/stage.ts";
import { gitlabSubject, selfManagedSubject, statusesSubject } from "../subject.ts";

const subject = gitlabSubject;
const signal = new AbortController().signal;

describe("relations", () => {
  for (const own of [subject, selfManagedSubject]) {
    it(`are read with the list, duplicates by reading the issue (${own.label})`, async (t) => {
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

  it("are read with the issue from a server that is too old for more", async (t) => {
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

describe("a server that tells less about issue types", () => {
  for (const variant of ["self-managed-free", "self-managed-15"]) {
    it(`still tells parents: ${variant}`, async (t) => {
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

  it("tells which fields issues have in the Community Edition", async (t) => {
    const { connection, source } = await setStage(t, selfManagedSubject, { issues: 10, variant: "self-managed-free" });
    const { types } = await connection.describe(source, {});
    const [issue] = types.filter(({ name }) => name === "issue");
    assert.ok(issue?.has?.includes("dueDate") && !issue.has.includes("estimate"));
    assert.deepEqual(types.find(({ name }) => name === "incident")?.has?.includes("dueDate"), false);
  });
});

describe("work items", () => {
  it("are requested once per page, and not again while nothing changes", async (t) => {
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

  it("name the parent issues of tasks, and the epics of issues", async (t) => {
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

  it("are left out if GraphQL is withheld from the token, and requested only once", async (t) => {
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

  it("stop a run if GraphQL fails and statuses would be unknown", async (t) => {
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
