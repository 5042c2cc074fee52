import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "../../../domain/clock.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { startLocalServer } from "../../conformance/local-server.ts";
import { newMark } from "../../conformance/operation-mark.ts";
import { createHttpClient } from "../../http/create-http-client.ts";
import type { NativeEdit } from "../../tracker.ts";
import { rally } from "../index.ts";
import { setWriteStage } from "./write-stage.ts";

describe("requests", () => {
  it("are one for any fields together, one more for tags that come, and those that go last", async (t) => {
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
      // The version that this made, for the conditional request that follows.
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

  it("are two for a comment on an item that was never read: its type is in its address", async (t) => {
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

  it("that are only looked up before a write and fail were certainly no write", async (t) => {
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

describe("somebody else's change", () => {
  it("is never overwritten: the version that was read goes along", async (t) => {
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

  it("is never overwritten either where tags come first, which make a version of their own", async (t) => {
    const { write, source, find, perform, read, label, emulator } = await setWriteStage(t);
    const story = await find("User Story");
    const steps = await write.plan(source, story, { title: "Mine", addLabels: [label("Regression")] });
    emulator.world.edit(story.nativeId, { title: "Theirs" });
    await assert.rejects(perform(story, steps), hasCode("conflict"));
    assert.equal((await read(story)).title, "Theirs");
  });

  for (const [how, answer] of [
    [
      "leaves the version out with a warning",
      { Warnings: ["Ignored JSON element defect.VersionId during processing of this request."] },
    ],
    ["refuses to be told the version", { Errors: ["Validation error: Defect.Version Id is read only"] }],
  ] as const) {
    it(`is not found out by a server that ${how}, which takes the change all the same`, async (t) => {
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
