import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import type { PanopticonError } from "../../domain/error.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { movesTo } from "../../domain/outward.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { createMirror } from "../conformance/mirror.ts";
import { setStage } from "../conformance/stage.ts";
import { setWriterStage, type WriterStage } from "../conformance/writer-stage.ts";
import { fillForm } from "../conformance/writing-fields.ts";
import { readFailure } from "./errors.ts";
import { jiraCloudSubject, jiraDataCenterSubject } from "./subject.ts";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { newMark, sentMark } from "../conformance/operation-mark.ts";
import { emptyDraft } from "../conformance/drafts.ts";

const subjects = [jiraCloudSubject, jiraDataCenterSubject];

/** The second source: operations, whose workflow has two ends, asks for resolutions and leads back from the end to the start alone. */
async function openYard(t: TestContext, subject: (typeof subjects)[number]) {
  const stage = await setStage(t, subject, { issues: 300, sources: 2 });
  const source = { key: "YARD", nativeId: null, historyMs: null };
  const schema = await stage.connection.describe(source, {});
  const { write } = stage.connection;
  assert.ok(write);
  const own = { ...source, nativeId: schema.info.id };
  const stateOf = (name: string) =>
    schema.vocabulary.states.find((state) => state.name === name)?.id ?? assert.fail(`no state ${name}`);
  const read = async (key: string, nativeId: string) => {
    const result = await stage.connection.read(own, nativeId, key);
    assert.ok(result.kind === "issue");
    return result.issue;
  };
  const [world] = stage.emulator.world.issues("YARD").filter(({ state }) => state === "In Progress");
  assert.ok(world);
  const issue = await read(world.key, world.nativeId);
  const send = async (edit: Parameters<typeof write.plan>[2], now = issue) => {
    for (const step of await write.plan(own, now, edit)) await write.perform(own, now, step);
    return read(issue.key, issue.nativeId);
  };
  stage.emulator.requests.clear();
  return { ...stage, source: own, schema, write, issue, stateOf, read, send };
}

async function failureOf(promise: Promise<unknown>): Promise<PanopticonError> {
  const error = await promise.then(
    () => assert.fail("it went well"),
    (reason: unknown) => reason,
  );
  return error as PanopticonError;
}

for (const subject of subjects) {
  describe(`workflows of ${subject.label}`, () => {
    it("lists the ways to states, with what they ask for", async (t) => {
      const { write, source, issue, stateOf } = await openYard(t, subject);
      const [done, wontDo, waiting] = ["Done", "Done (Won't Do)", "Waiting on carrier"].map(stateOf);
      const ways = await write.choices?.(source, issue, [done ?? "", wontDo ?? "", waiting ?? ""]);
      assert.deepEqual(
        ways?.map(({ name, stateName, fields }) => [name, stateName, fields.map((field) => field.name)]),
        [
          ["Finish: Done", "Done", []],
          ["Close with a note", "Done", ["Closing note"]],
          ["Finish: Done", "Done (Won't Do)", []],
          ["Close with a note", "Done (Won't Do)", ["Closing note"]],
          ["Waiting on carrier", "Waiting on carrier", ["Closing note"]],
        ],
      );
      assert.equal(ways?.at(-1)?.fields[0]?.kind, "markdown");
    });

    it("answers from what it saw a moment ago, asks again where that has no way, and always asks when it sends", async (t) => {
      const { write, source, issue, emulator, stateOf, send } = await openYard(t, subject);
      const asked = () => emulator.requests.list().filter(({ url }) => url.includes("/transitions?")).length;
      const states = [stateOf("Code Review")];
      for (let turn = 0; turn < 3; turn++) await write.choices?.(source, issue, states);
      assert.equal(asked(), 1);
      assert.deepEqual(await write.choices?.(source, issue, ["1:2"]), []);
      assert.equal(asked(), 2);
      assert.equal((await send({ stateId: states[0] ?? "" })).stateId, states[0]);
      assert.equal(asked(), 3);
      assert.equal(
        emulator.requests.list().filter(({ method, url }) => method === "POST" && url.endsWith("/transitions")).length,
        1,
      );
    });

    it("asks which of several ways, and for what the way wants; then goes it", async (t) => {
      const { issue, stateOf, send } = await openYard(t, subject);
      const stateId = stateOf("Done (Won't Do)");
      const several = await failureOf(send({ stateId }));
      assert.equal(several.code, "choice_needed");
      assert.deepEqual(
        several.choices.map(({ name }) => name),
        ["Finish: Done", "Close with a note"],
      );
      const transition = several.choices[1]?.id ?? "";
      const unfilled = await failureOf(send({ stateId, transition }));
      assert.equal(unfilled.code, "choice_needed");
      const [choice] = unfilled.choices;
      assert.deepEqual(
        choice?.fields.map(({ name, required }) => [name, required]),
        [["Closing note", true]],
      );
      const after = await send({ stateId, transition, fields: fillForm(choice?.fields ?? []) });
      assert.equal(after.stateId, stateId);
      assert.ok(after.closedAt !== null && issue.closedAt === null);
    });

    it("says what is possible where the workflow does not lead there, also when it changed meanwhile", async (t) => {
      const { emulator, issue, stateOf, send } = await openYard(t, subject);
      emulator.world.edit(issue.nativeId, { state: "Done" });
      const failure = await failureOf(send({ stateId: stateOf("Code Review") }));
      assert.equal(failure.code, "invalid_input");
      assert.deepEqual(failure.candidates, ["Open"]);
      assert.match(failure.hint ?? "", /can go to: Open\.$/);
    });

    it("knows a way that does not lead back once it has been there", async (t) => {
      const { write, source, issue, emulator, read, stateOf } = await openYard(t, subject);
      const done = stateOf("Done");
      const reversible = async () => (await write.choices?.(source, issue, [done]))?.map((way) => way.reversible);
      assert.deepEqual(await reversible(), [true, true], "nobody knows yet");
      emulator.world.edit(issue.nativeId, { state: "Done" });
      await write.choices?.(source, await read(issue.key, issue.nativeId), [stateOf("Open")]);
      assert.deepEqual(await reversible(), [false, false]);
    });

    it("cancels with a resolution where the way asks for one, else with a label", async (t) => {
      const { schema, issue } = await openYard(t, subject);
      const moves = movesTo(schema.mapping, schema.vocabulary.states, { ...issue, labels: [] }, "canceled");
      const names = moves.map(({ stateId, addLabels }) => [
        schema.vocabulary.states.find(({ id }) => id === stateId)?.name,
        ...addLabels,
      ]);
      assert.deepEqual(names[0], ["Resolved (Won't Do)"]);
      assert.ok(!names.some(([name]) => name?.includes("Duplicate")));
      assert.deepEqual(names.at(-1), ["Done", "canceled"]);
    });

    it("says what a new issue asks for, and makes one with it", async (t) => {
      const { schema, write, source } = await openYard(t, subject);
      const bug = schema.types.find(({ name }) => name === "Bug");
      assert.deepEqual(
        bug?.fields.map(({ name, kind, options }) => [name, kind, options.map((one) => one.name)]),
        [["Impact", "choice", ["One truck", "One carrier", "Everybody"]]],
      );
      const [first] = schema.types;
      assert.equal(first?.name, "Story", "what teams work on comes first");
      assert.deepEqual(
        schema.types.filter(({ needsParent }) => needsParent).map(({ name }) => name),
        ["Sub-task"],
      );
      const create = (fields: Record<string, unknown>) =>
        write.create(source, { ...blankDraft, type: "Bug", fields }, newMark());
      await assert.rejects(
        create({}),
        hasCode("invalid_input", ({ message }) => /Impact is required/.test(message)),
      );
      const { issue } = await create(fillForm(bug?.fields ?? []));
      assert.equal(issue.type, "Bug");
    });
  });

  describe(`writing to ${subject.label}`, () => {
    const open = async (t: TestContext): Promise<WriterStage> => {
      const stage = await setWriterStage(t, subject, {});
      return stage;
    };

    it("looks up nothing for a change of fields, and once for a move or a comment that is changed", async (t) => {
      const stage = await open(t);
      const { source, write } = stage;
      const { nativeId, key } = stage.emulator.world.create(source.key, { title: "Plain", state: "To Do" });
      const issue = await stage.read({ nativeId, key });
      const person = stage.schema.vocabulary.people[1]?.id ?? "";
      const edit = {
        title: "t",
        body: "b",
        dueDate: "2031-01-02",
        addAssignees: [person],
        addLabels: [stage.labelRef("x")],
      };
      const steps = await write.plan(source, issue, edit);
      assert.equal(await stage.count(() => stage.perform(issue, steps)), 1);
      const stateId = stage.schema.vocabulary.states.find(({ name }) => name === "In Progress")?.id ?? "";
      const [move] = await write.plan(source, issue, { stateId });
      assert.equal(await stage.count(async () => move && (await write.perform(source, issue, move))), 2);
      const { comment } = await write.comment(source, stage.address(issue), "a", newMark());
      assert.equal(await stage.count(() => write.editComment(source, stage.address(issue), comment.id, "b")), 2);
      assert.equal(await stage.count(() => write.create(source, emptyDraft(stage), newMark())), 2);
    });

    it("changes the fields of an open issue before it is moved, and takes labels of the old status away behind", async (t) => {
      const stage = await open(t);
      const { nativeId, key } = stage.emulator.world.create(stage.source.key, { title: "a", labels: ["old"] });
      const issue = await stage.read({ nativeId, key });
      const stateId = stage.schema.vocabulary.states.find(({ name }) => name === "Done")?.id ?? "";
      const edit = { title: "b", stateId, addLabels: [stage.labelRef("new")], removeLabels: [stage.labelRef("old")] };
      const steps = await stage.write.plan(stage.source, issue, edit);
      assert.deepEqual(
        steps.map(({ name }) => name),
        ["title, add labels", "move", "remove labels"],
      );
      const after = await stage.apply(issue, edit);
      assert.deepEqual([after.title, after.stateId, after.labelIds], ["b", stateId, ["new"]]);
      const back = await stage.write.plan(stage.source, after, { title: "c", stateId: issue.stateId });
      assert.deepEqual(
        back.map(({ name }) => name),
        ["move", "title"],
        "what is finished may not be changed",
      );
    });

    it("refuses a label of several words before it is sent", async (t) => {
      const stage = await open(t);
      const [issue] = stage.issues;
      assert.ok(issue);
      const edit = { addLabels: [stage.labelRef("two words")] };
      await assert.rejects(
        stage.write.plan(stage.source, issue, edit),
        hasCode("invalid_input", ({ hint }) => hint === "Write it two-words."),
      );
    });

    it("keeps pictures of a text that is changed", async (t) => {
      const stage = await open(t);
      const { world } = stage.emulator;
      const [shown] = stage.issues.filter(({ body }) => body.includes("!["));
      assert.ok(shown, "the seed shows pictures");
      const issue = await stage.read(shown);
      const nativeOf = () => world.issues().find(({ nativeId }) => nativeId === issue.nativeId)?.nativeBody ?? "";
      const picture = /"id":"media-\d+"|![^!]+\|thumbnail!/.exec(nativeOf())?.[0];
      assert.ok(picture);
      const after = await stage.apply(issue, { body: `Before.\n\n${issue.body}\n\nAnd **more**.` });
      await stage.sameText(after.body, `Before.\n\n${issue.body}\n\nAnd **more**.`);
      assert.ok(nativeOf().includes(picture), nativeOf());
    });

    it("finds what a create left behind by another clock, and only its own", async (t) => {
      const clock = createVirtualClock();
      const stage = await setStage(t, subject, { issues: 10, clock });
      const { connection, source, emulator, open: openAgain } = stage;
      const { write } = connection;
      const schema = await connection.describe(source, {});
      assert.ok(write);
      const draft = { ...blankDraft, title: "Lost", type: schema.types[0]?.name ?? "" };
      // This machine's clock is a day behind the server's.
      const behind = createVirtualClock(clock.now() - 24 * 60 * 60_000);
      const late = openAgain({ clock: behind }).connection.write;
      const mark = sentMark(behind.now());
      const { issue } = await write.create(source, draft, mark);
      emulator.world.create(source.key, { title: "Lost" });
      const found = await late?.findCreated(source, draft, mark);
      assert.deepEqual(
        found?.map((one) => one.issue.nativeId),
        [issue.nativeId],
      );
    });

    it("is not taken back by a search that lags behind its own write", async (t) => {
      const clock = createVirtualClock();
      const stage = await setStage(t, subject, { issues: 20, clock });
      const { connection, source, emulator } = stage;
      const mirror = createMirror();
      await mirror.pull(connection, source);
      emulator.world.lagSearch?.(120_000);
      const [issue] = [...mirror.issues.values()].filter(({ version }) => version === null);
      assert.ok(issue && connection.write);
      await clock.advance(5_000);
      const [step] = await connection.write.plan(source, issue, { title: "Written here" });
      assert.ok(step);
      await connection.write.perform(source, issue, step);
      const read = await connection.read(source, issue.nativeId, issue.key);
      assert.ok(read.kind === "issue");
      emulator.requests.clear();
      // As after a restart: it knows of the write only from what was on disk.
      const restarted = stage.open({ clock }).connection;
      await restarted.recall?.([{ nativeId: issue.nativeId, updatedAt: read.issue.updatedAt }]);
      for (let poll = 0; poll < 6; poll++) {
        // From the beginning: the search shows every issue, this one as it was.
        const { pages } = await createMirror().pull(poll % 2 === 0 ? connection : restarted, source);
        const shown: readonly NativeIssue[] = pages
          .flatMap(({ changes }) => changes)
          .filter(({ nativeId }) => nativeId === issue.nativeId);
        assert.deepEqual(
          shown.map(({ title }) => title).filter((title) => title !== "Written here"),
          [],
        );
        if (poll === 5) assert.equal(shown.length, 1, "the search has caught up");
        await clock.advance(30_000);
      }
      const reconciled = emulator.requests
        .list()
        .filter(({ body }) => body.includes(`"reconcileIssues":[${issue.nativeId}]`));
      assert.equal(reconciled.length > 0, subject === jiraCloudSubject);
    });
  });
}

describe("texts that markdown cannot say", () => {
  const open = async (t: TestContext) => {
    const stage = await setWriterStage(t, jiraCloudSubject, {});
    const { JIRA_EMAIL, JIRA_API_KEY } = stage.emulator.credentials;
    const headers = {
      authorization: `Basic ${btoa(`${JIRA_EMAIL}:${JIRA_API_KEY}`)}`,
      "content-type": "application/json",
    };
    const { nativeId, key } = stage.emulator.world.create(stage.source.key, { title: "Rich" });
    const put = async (...content: object[]) => {
      const response = await fetch(`${stage.emulator.url}/rest/api/3/issue/${nativeId}`, {
        method: "PUT",
        headers,
        body: JSON.stringify({ fields: { description: { type: "doc", version: 1, content } } }),
      });
      assert.equal(response.status, 204);
      return stage.read({ nativeId, key });
    };
    const kept = () => stage.emulator.world.issues().find((one) => one.nativeId === nativeId)?.nativeBody ?? "";
    return { ...stage, put, kept };
  };
  const paragraph = (...content: object[]) => ({ type: "paragraph", content });
  const text = (words: string, ...marks: object[]) => ({
    type: "text",
    text: words,
    ...(marks.length > 0 ? { marks } : {}),
  });

  it("keeps people, days and states where their words stay", async (t) => {
    const { put, apply, kept } = await open(t);
    const mention = { type: "mention", attrs: { id: "712020:1", text: "@Maren Aldous" } };
    const date = { type: "date", attrs: { timestamp: "1795305600000" } };
    const status = { type: "status", attrs: { text: "BLOCKED", color: "red" } };
    const issue = await put(paragraph(text("Ask "), mention, text(" by "), date, text(": "), status));
    assert.equal(issue.body, "Ask @Maren Aldous by 2026-11-22: BLOCKED");
    await apply(issue, { body: `Please ask @Maren Aldous, by 2026-11-22.` });
    assert.ok(kept().includes(JSON.stringify(mention)) && kept().includes(JSON.stringify(date)), kept());
    assert.ok(!kept().includes("BLOCKED"));
  });

  for (const [what, words, content] of [
    ["a panel", /a panel/, { type: "panel", attrs: { panelType: "info" }, content: [paragraph(text("a"))] }],
    ["coloured text", /coloured text/, paragraph(text("a", { type: "textColor", attrs: { color: "#ff0000" } }))],
    [
      "two people of one name",
      /mention of a person/,
      paragraph({ type: "mention", attrs: { id: "1", text: "@Kim" } }, text(" and "), {
        type: "mention",
        attrs: { id: "2", text: "@Kim" },
      }),
    ],
    [
      "a decision",
      /a decision/,
      {
        type: "decisionList",
        attrs: { localId: "l" },
        content: [{ type: "decisionItem", attrs: { localId: "i", state: "DECIDED" }, content: [text("a")] }],
      },
    ],
  ] as const) {
    it(`stops the edit of a text with ${what}, and changes everything else`, async (t) => {
      const { put, apply, kept } = await open(t);
      const issue = await put(content);
      const before = kept();
      await assert.rejects(
        apply(issue, { body: `${issue.body} and more` }),
        hasCode("unsupported", ({ message, hint }) => words.test(message) && /in Jira: http/.test(hint ?? "")),
      );
      const after = await apply(issue, { title: "Another title", dueDate: "2031-01-02" });
      assert.equal(after.title, "Another title");
      assert.equal(kept(), before);
    });
  }
});

describe("what Jira says to writes", () => {
  const context = { now: 0, attempt: 1, request: "PUT /", toLocal: (ms: number) => ms };
  const read = (status: number, body: object) =>
    readFailure({ status, headers: new Headers(), body, text: JSON.stringify(body) }, context);

  for (const [name, status, body, code, hint] of [
    [
      "a token without the scope",
      401,
      { code: 401, message: "Unauthorized; scope does not match" },
      "forbidden",
      /write:jira-work/,
    ],
    [
      "a refusal in words",
      400,
      { errorMessages: ["You do not have permission to edit this."], errors: {} },
      "forbidden",
      /permission/,
    ],
    ["too long a text", 400, { errorMessages: ["CONTENT_LIMIT_EXCEEDED"], errors: {} }, "invalid_input", /32,767/],
    [
      "a field without a place",
      400,
      {
        errorMessages: [],
        errors: { duedate: "Field 'duedate' cannot be set. It is not on the appropriate screen, or unknown." },
      },
      "invalid_input",
      /screens do not show/,
    ],
    ["a change at the same time", 409, { errorMessages: ["Conflict"], errors: {} }, "conflict", null],
  ] as const) {
    it(name, () => {
      const failure = read(status, body);
      assert.equal(failure?.code, code);
      if (hint !== null) assert.match(failure.hint ?? "", hint);
    });
  }
});
