import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasCode } from "../conformance/assert-code.ts";
import { createMirror } from "../conformance/mirror.ts";
import { setStage } from "../conformance/stage.ts";
import { githubSubject } from "./subject.ts";

const subject = githubSubject;
const signal = new AbortController().signal;

describe("permissions", () => {
  it("reports the scope that a classic token without `repo` lacks, and where to get it", async (t) => {
    const { open, emulator } = await setStage(t, subject, { issues: 10 });
    const account = await open({ credentials: emulator.weakCredentials.values }).connection.verify();
    assert.ok(account.scopes && !account.scopes.includes("repo"));
    assert.match(account.missing.join(" "), /repo.*settings\/tokens/);
  });
});

describe("a renamed repository", () => {
  it("is followed and reported, and its new address is used from then on", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 30 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.ok("renameSource" in emulator.world, "GitHub's emulator renames repositories");
    emulator.world.renameSource?.(source.key, "harborline/renamed");

    const { info, warnings } = await connection.describe(source, {});
    assert.equal(info.key, "harborline/renamed");
    assert.deepEqual(
      warnings?.map((warning) => [warning.code, warning.candidates]),
      [["invalid_input", ["harborline/renamed"]]],
    );
    await mirror.pull(connection, source);
    emulator.requests.clear();
    emulator.world.create("harborline/renamed", { title: "after the renaming" });
    assert.equal((await mirror.pull(connection, source)).news, 1);
    assert.equal(emulator.requests.count(), 1);

    const [issue] = emulator.world.issues("harborline/renamed");
    assert.ok(issue);
    const result = await connection.read({ ...source, nativeId: info.id }, issue.nativeId, issue.key);
    assert.equal(result.kind, "issue");
  });
});

describe("relations", () => {
  it("are read with the issue, and are unknown before", async (t) => {
    const { connection, source } = await setStage(t, subject, { issues: 600 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const unknown = [...mirror.issues.values()].filter((issue) => issue.relations === null);
    assert.ok(unknown.length > 0);
    let found = 0;
    for (const issue of unknown.slice(0, 10)) {
      const result = await connection.read(source, issue.nativeId, issue.key, signal);
      assert.equal(result.kind, "issue");
      if (result.kind !== "issue") continue;
      assert.ok(result.issue.relations && result.issue.relations.length > 0);
      for (const relation of result.issue.relations) {
        found += 1;
        assert.ok(relation.type === "blocked_by" || relation.type === "blocks");
        assert.match(relation.targetId, /^\d+$/);
      }
    }
    assert.ok(found > 0);
  });

  it("are read by the poll that returns the change of a blocked issue, with one more request", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 600 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    let blocked: string | undefined;
    for (const issue of [...mirror.issues.values()].filter((one) => one.relations === null && one.stateId === "open")) {
      const result = await connection.read(source, issue.nativeId, issue.key);
      const types = result.kind === "issue" ? (result.issue.relations ?? []).map((relation) => relation.type) : [];
      if (types.length > 0 && types.every((type) => type === "blocked_by")) {
        blocked = issue.nativeId;
        emulator.world.edit(issue.nativeId, { title: "still blocked" });
        emulator.requests.clear();
        await mirror.pull(connection, source);
        if (mirror.issues.get(issue.nativeId)?.relations !== null) break;
      }
    }
    assert.ok(blocked);
    assert.equal(mirror.issues.get(blocked)?.relations?.[0]?.type, "blocked_by");
    assert.equal(emulator.requests.count(), 2);
  });

  it("name parents by key, and count children", async (t) => {
    const { connection, source } = await setStage(t, subject, { issues: 300 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const byKey = new Map([...mirror.issues.values()].map((issue) => [issue.key, issue]));
    const children = [...mirror.issues.values()].filter((issue) => issue.parentKey);
    assert.ok(children.length > 0);
    for (const child of children) {
      const parent = byKey.get(child.parentKey ?? "");
      assert.ok(parent, `${child.key} belongs to ${child.parentKey}`);
      assert.ok((parent.children?.total ?? 0) > 0);
    }
  });
});

describe("files uploaded in earlier years", () => {
  it("are listed and opened with the login, wherever GitHub stored them", async (t) => {
    const { connection, source, emulator, open } = await setStage(t, subject, { issues: 3, seed: 2 });
    const [issue] = emulator.world.issues(source.key);
    assert.ok(issue && emulator.world.attach);
    const content = Buffer.from("kept");
    const url = emulator.world.attach(issue.nativeId, { name: "log.txt", contentType: "text/plain", content });
    const id = url.split("/").at(-1) ?? "";
    const { origin } = new URL(url);
    const former = [`${origin}/acme/app/assets/17/${id}`, `${origin}/acme/app/files/17/${id}`];
    const old = "https://user-images.githubusercontent.com/17/a.png";
    const elsewhere = [`${origin}/acme/app/pull/17/files`, "https://elsewhere.example/acme/app/files/17/x"];
    emulator.world.edit(issue.nativeId, { body: [...former, old, ...elsewhere].join("\n") });
    const read = await connection.read(source, issue.nativeId, issue.key);
    assert.deepEqual(read.kind === "issue" && read.issue.attachments?.map((file) => file.url), [...former, old]);
    for (const address of former) {
      const opened = await connection.openFile(address);
      assert.equal(await new Response(opened.stream).text(), "kept");
      const stranger = open({ credentials: { GITHUB_TOKEN: "ghp_none" } }).connection;
      await assert.rejects(stranger.openFile(address), hasCode("not_found"));
    }
  });
});

describe("unchanged lists", () => {
  it("answer 304 while nothing changes", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 30 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    await mirror.pull(connection, source);
    emulator.requests.clear();
    await mirror.pull(connection, source);
    await mirror.pull(connection, source);
    assert.deepEqual(
      emulator.requests.list().map((request) => request.status),
      [304, 304],
    );
  });
});
