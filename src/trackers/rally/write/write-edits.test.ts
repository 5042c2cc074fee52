import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "../../../domain/clock.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import { untilFaultsMet } from "../../../../test/support/until-faults-met.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { startLocalServer } from "../../conformance/local-server.ts";
import { newMark } from "../../conformance/operation-mark.ts";
import { createHttpClient } from "../../http/create-http-client.ts";
import type { NativeEdit } from "../../tracker.ts";
import { rally } from "../index.ts";
import { setWriteStage } from "./write-stage.ts";

describe("requests", () => {
  it("are one for any fields together, one before it for added tags, and one after it for removed tags", async (t) => {
    const { write, source, find, perform, sent, label } = await setWriteStage(t);
    const story = await find("User Story", ({ labelIds, stateId }) => labelIds.length > 0 && stateId !== "");
    const [own] = story.labelIds;
    const planned = async (edit: NativeEdit) => sent(async () => perform(story, await write.plan(source, story, edit)));
    assert.deepEqual(await planned({ title: "x", body: "y", estimate: 21, addAssignees: ["310200"] }), [
      "POST /hierarchicalrequirement/…",
    ]);
    assert.deepEqual(await planned({ addLabels: [label("Canceled")] }), ["POST /hierarchicalrequirement/…/Tags/add"]);
    assert.deepEqual(await planned({ addLabels: [label("Fresh")] }), [
      "GET /tag",
      "POST /tag/create",
      "POST /hierarchicalrequirement/…/Tags/add",
    ]);
    assert.deepEqual(await planned({ addLabels: [label("Fresh")] }), ["POST /hierarchicalrequirement/…/Tags/add"]);
    const now = await find("User Story", ({ nativeId }) => nativeId === story.nativeId);
    const state = now.stateId;
    const steps = await write.plan(source, now, {
      title: "z",
      addLabels: [label("Regression")],
      removeLabels: [{ id: own ?? "", name: "?" }],
    });
    assert.deepEqual(await sent(() => perform(now, steps)), [
      "POST /hierarchicalrequirement/…/Tags/add",
      // Reads the version that this created, for the conditional request that follows.
      "GET /hierarchicalrequirement",
      "POST /hierarchicalrequirement/…",
      "POST /hierarchicalrequirement/…/Tags/remove",
    ]);
    assert.deepEqual(
      steps.map(({ name, stateAfter }) => [name, stateAfter]),
      [
        ["add tags", undefined],
        ["edit", undefined],
        ["remove tags", undefined],
      ],
    );
    assert.ok(state);
  });

  it("contain only what changes: values that are already set, also by someone else, are left alone", async (t) => {
    const { write, source, find, apply, schema, label } = await setWriteStage(t);
    const plan = async (issue: NativeIssue, edit: NativeEdit) =>
      (await write.plan(source, issue, edit)).map(({ request }) => request["attributes"] ?? request["kind"]);
    const [me, other] = schema.vocabulary.people.map(({ id }) => id);
    assert.ok(me && other);
    const story = { ...(await find("User Story")), assigneeIds: [me] };
    assert.deepEqual(await plan(story, { removeAssignees: [other] }), [], "whom somebody else has put in");
    assert.deepEqual(await plan(story, { removeAssignees: [me] }), [{ Owner: null }]);
    assert.deepEqual(await plan(story, { addAssignees: [me] }), []);
    const off = schema.vocabulary.labels.find(({ id }) => !story.labelIds.includes(id));
    assert.ok(off);
    assert.deepEqual(await plan(story, { removeLabels: [label(off.name)] }), []);

    const released = { ...story, cycleId: "release:1" };
    assert.deepEqual(await plan(released, { cycleId: "release:2" }), [{ Release: { _ref: "/release/2" } }]);
    assert.deepEqual(await plan({ ...story, cycleId: null }, { cycleId: "release:2" }), [
      { Release: { _ref: "/release/2" } },
    ]);
    assert.deepEqual(await plan({ ...story, cycleId: "iteration:1" }, { cycleId: "release:2" }), [
      { Iteration: null, Release: { _ref: "/release/2" } },
    ]);

    const defect = await find("Defect", ({ stateId }) => stateId.split(":").length === 3);
    const [kind, state, schedule] = defect.stateId.split(":");
    const closer = schema.vocabulary.states.find(
      ({ id }) => id.startsWith(`${kind}:`) && id.endsWith(`:${schedule}`) && id !== defect.stateId,
    );
    assert.ok(closer && state !== undefined);
    assert.deepEqual(await plan(defect, { stateId: closer.id }), [{ State: closer.id.split(":")[1] }]);
    const stateAfter = async (stateId: string) =>
      (await write.plan(source, defect, { title: "Another", stateId })).map((step) => step.stateAfter);
    assert.deepEqual(await stateAfter(closer.id), [closer.id]);
    assert.deepEqual(await stateAfter(defect.stateId), [undefined], "it goes through no state");

    const body = "*  one\n*  two\n\n\nand **bold**";
    const written = await apply(story, { body });
    assert.notEqual(written.body, body, "Rally keeps it in another form");
    assert.deepEqual(await plan(written, { body }), []);
  });

  it("that Rally refuses to create a tag with say why in Rally's own words", async (t) => {
    const { write, source, find, perform, label } = await setWriteStage(t);
    const story = await find("User Story");
    const steps = await write.plan(source, story, { addLabels: [label("x".repeat(33))] });
    await assert.rejects(perform(story, steps), hasCode("invalid_input", /Tag\.Name/));
  });

  it("are two for a comment on an item that was never read, because its type is part of the URL", async (t) => {
    const { open, source, find, sent, address, emulator } = await setWriteStage(t);
    const defect = await find("Defect");
    const { write } = open().connection;
    assert.ok(write);
    const types = ["GET /typedefinition", "GET /state"];
    const first = await sent(() => write.comment(source, address(defect), "Hello", newMark()));
    assert.deepEqual(
      first.filter((one) => !types.includes(one)),
      ["GET /artifact", "POST /conversationpost/create"],
    );
    assert.deepEqual(await sent(() => write.comment(source, address(defect), "Again", newMark())), [
      "POST /conversationpost/create",
    ]);
    assert.equal(emulator.world.comments?.(defect.nativeId).at(-1)?.login, "maren.aldous@harborline.example");
  });

  it("that fail while looking something up before a write count as not sent", async (t) => {
    const { open, source, find, address, emulator } = await setWriteStage(t);
    const { connection } = open({ attempts: 1 });
    const issue = await find("User Story");
    emulator.faults.add({ kind: "server-error", path: "/artifact" });
    assert.ok(connection.write);
    await assert.rejects(
      connection.write.comment(source, address(issue), "Hello", newMark()),
      hasCode("unreachable", ({ notSent }) => notSent),
    );
  });
});

describe("a concurrent change", () => {
  it("may create the same tag first: the edit then uses that one", async (t) => {
    const { write, source, find, perform, read, label, emulator } = await setWriteStage(t);
    const [story, other] = [await find("User Story"), await find("Defect")];
    const steps = await write.plan(source, story, { addLabels: [label("Coined twice")] });
    emulator.faults.add({ kind: "held", method: "GET", path: "/tag" });
    const performed = perform(story, steps);
    await untilFaultsMet(emulator);
    emulator.world.edit(other.nativeId, { labels: ["Coined twice"] });
    emulator.faults.clear();
    await performed;
    const [theirs] = (await read(other)).labelIds;
    assert.ok(theirs !== undefined && (await read(story)).labelIds.includes(theirs));
  });

  it("is never overwritten, because the version that was read is sent", async (t) => {
    const { write, source, find, perform, read, emulator } = await setWriteStage(t);
    const story = await find("User Story");
    const steps = await write.plan(source, story, { title: "Mine" });
    emulator.world.edit(story.nativeId, { title: "Theirs" });
    await assert.rejects(
      perform(story, steps),
      hasCode("conflict", ({ message }) => message.includes("Modified since read on update")),
    );
    assert.equal((await read(story)).title, "Theirs");
    await perform(await read(story), await write.plan(source, await read(story), { title: "Mine" }));
    assert.equal((await read(story)).title, "Mine");
  });

  it("is never overwritten if tags are added first, which creates a version", async (t) => {
    const { write, source, find, perform, read, label, emulator } = await setWriteStage(t);
    const story = await find("User Story");
    const steps = await write.plan(source, story, { title: "Mine", addLabels: [label("Regression")] });
    emulator.world.edit(story.nativeId, { title: "Theirs" });
    await assert.rejects(perform(story, steps), hasCode("conflict"));
    assert.equal((await read(story)).title, "Theirs");
  });

  it("is detected in every field that a write could overwrite, if tags are added first", async (t) => {
    const { write, source, find, perform, apply, read, schema } = await setWriteStage(t);
    const { states, cycles, priorities, people, labels } = schema.vocabulary;
    const another = <T extends { readonly id: string }>(all: readonly T[], present: string | null) =>
      all.find(({ id }) => id !== present)?.id ?? assert.fail("there is another one");
    const story = await find("User Story", ({ parentId }) => parentId === null);
    const feature = await find("Feature");
    const states2 = states.filter(({ types, id }) => types?.includes("Defect") !== false && id.startsWith("defect:"));
    const theirs: readonly (readonly [type: string, edit: (issue: NativeIssue) => NativeEdit])[] = [
      ["Defect", () => ({ body: "Theirs" })],
      ["Defect", ({ stateId }) => ({ stateId: another(states2, stateId) })],
      ["Defect", ({ nativePriority }) => ({ nativePriority: another(priorities, nativePriority) })],
      ["Defect", ({ assigneeIds }) => ({ addAssignees: [another(people, assigneeIds[0] ?? null)] })],
      ["Defect", ({ cycleId }) => ({ cycleId: another(cycles, cycleId) })],
      ["Defect", ({ estimate }) => ({ estimate: (estimate ?? 0) + 1 })],
      ["User Story", () => ({ parent: { nativeId: feature.nativeId, key: feature.key, sourceKey: source.key } })],
    ];
    for (const [type, edit] of theirs) {
      const item = type === "User Story" ? story : await find(type);
      const tag = labels.find(({ id }) => !item.labelIds.includes(id)) ?? assert.fail("there is a tag to be put on it");
      const steps = await write.plan(source, item, { title: "Mine", addLabels: [tag] });
      const change = edit(item);
      const now = await apply(item, change);
      await assert.rejects(perform(item, steps), hasCode("conflict"), Object.keys(change).join());
      assert.equal((await read(item)).title, now.title);
    }
  });

  for (const [how, answer] of [
    [
      "leaves the version out with a warning",
      { Warnings: ["Ignored JSON element defect.VersionId during processing of this request."] },
    ],
    ["refuses the version", { Errors: ["Validation error: Defect.Version Id is read only"] }],
  ] as const) {
    it(`is not detected by a server that ${how}, which accepts the write nevertheless`, async (t) => {
      const bodies: string[] = [];
      const server = await startLocalServer((request, response) => {
        response.writeHead(200, { "content-type": "application/json", date: new Date().toUTCString() });
        if (request.method !== "POST") {
          response.end(
            JSON.stringify({
              QueryResult: { Errors: [], Warnings: [], TotalResultCount: 0, StartIndex: 1, PageSize: 20, Results: [] },
            }),
          );
          return;
        }
        const body = request.body;
        bodies.push(body);
        const item = {
          _type: "Defect",
          _ref: "/defect/7",
          ObjectID: 7,
          FormattedID: "DE7",
          Name: "New",
          Project: { _ref: "/project/2" },
          State: "Open",
          ScheduleState: "Defined",
          CreationDate: "2026-01-01T00:00:00.000Z",
          LastUpdateDate: "2026-01-01T00:00:00.000Z",
          VersionId: "4",
        };
        const odd = body.includes("VersionId") ? answer : {};
        response.end(
          JSON.stringify({
            OperationResult: { Errors: [], Warnings: [], ...odd, ...("Errors" in odd ? {} : { Object: item }) },
          }),
        );
      });
      t.after(() => server.close());
      const { client } = createHttpClient({
        policy: rally.http,
        values: { apiKey: "_key", server: server.url },
        clock: systemClock,
        userAgent: "Panopticon/test",
      });
      const { write } = rally.connect(client);
      assert.ok(write);
      const source = { key: "1/2", historyMs: null, nativeId: null };
      const step = { name: "edit", request: { kind: "update", attributes: { Name: "New" } } };
      const issue = {
        nativeId: "7",
        key: "DE7",
        stateId: "defect:Open:Defined",
        version: "3",
        parentId: null,
      } as unknown as NativeIssue;
      const first = await write.perform(source, issue, step);
      assert.equal(first?.issue.title, "New");
      await write.perform(source, issue, step);
      assert.ok(bodies[0]?.includes("VersionId"));
      assert.ok(!bodies.at(-1)?.includes("VersionId"));
    });
  }
});
