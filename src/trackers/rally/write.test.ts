import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import type { EmulatorOptions } from "../../../emulators/emulator.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { newLabelId } from "../../domain/operation.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { startLocalServer } from "../conformance/local-server.ts";
import { setStage } from "../conformance/stage.ts";
import { systemClock } from "../../domain/clock.ts";
import { createHttpClient } from "../http/create-http-client.ts";
import type { NativeEdit, TrackerWriter, WriteStep } from "../tracker.ts";
import { rally } from "./index.ts";
import { rallySubject as subject } from "./subject.ts";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { newMark, sentMark } from "../conformance/operation-mark.ts";

async function open(t: TestContext, options: Partial<EmulatorOptions> = {}) {
  const stage = await setStage(t, subject, { issues: 60, ...options });
  const { connection, emulator, source } = stage;
  const { write } = connection;
  assert.ok(write);
  const schema = await connection.describe(source, {});
  const read = async ({ nativeId, key }: { readonly nativeId: string; readonly key: string }) => {
    const result = await connection.read(source, nativeId, key);
    assert.ok(result.kind === "issue", result.kind);
    return result.issue;
  };
  const find = async (type: string, fits: (issue: NativeIssue) => boolean = () => true) => {
    for (const one of emulator.world.issues(source.key)) {
      if (one.closed) continue;
      const issue = await read(one);
      if (issue.type === type && fits(issue)) return issue;
    }
    return assert.fail(`no ${type}`);
  };
  const perform = async (issue: NativeIssue, steps: readonly WriteStep[], writer: TrackerWriter = write) => {
    let last = issue;
    for (const step of steps) last = (await writer.perform(source, last, step))?.issue ?? last;
  };
  const apply = async (issue: NativeIssue, edit: NativeEdit) => {
    await perform(issue, await write.plan(source, issue, edit));
    return read(issue);
  };
  /** What is sent meanwhile, as `POST /defect/1/Tags/add`. */
  const sent = async (act: () => Promise<unknown>) => {
    emulator.requests.clear();
    await act();
    return emulator.requests
      .list()
      .map(({ method, url }) =>
        `${method} ${(url.split("?")[0] ?? "").replace("/slm/webservice/v2.0", "")}`.replace(/\d{6,}/g, "…"),
      );
  };
  /** As the tracker's own people change it: raw attributes. */
  const asOther = async (path: string, body: unknown) => {
    const response = await fetch(`${emulator.url}/slm/webservice/v2.0/${path}`, {
      method: "POST",
      headers: { zsessionid: emulator.otherCredentials["RALLY_API_KEY"] ?? "" },
      body: JSON.stringify(body),
    });
    assert.ok(!(await response.text()).includes('"Errors":["'));
  };
  const address = ({ nativeId, key }: NativeIssue) => ({ nativeId, key, sourceKey: source.key });
  const label = (name: string) => {
    const known = schema.vocabulary.labels.find((one) => one.name === name);
    return { id: known?.id ?? newLabelId(name), name };
  };
  return { ...stage, write, schema, read, find, apply, perform, sent, asOther, address, label };
}

describe("requests", () => {
  it("are one for any fields together, one more for tags that come, and those that go last", async (t) => {
    const { write, source, find, perform, sent, label } = await open(t);
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
    const { open: reopen, source, find, sent, address, emulator } = await open(t);
    const defect = await find("Defect");
    const { write } = reopen().connection;
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
    const { open: reopen, source, find, address, emulator } = await open(t);
    const { connection } = reopen({ attempts: 1 });
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
    const { write, source, find, perform, read, emulator } = await open(t);
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

describe("a description", () => {
  it("with what markdown cannot say keeps it when something else changes, and asks before it is lost", async (t) => {
    const { write, source, find, apply, read, asOther, emulator } = await open(t);
    const { nativeId, key } = await find("User Story");
    const html = '<p>Sign <u>here</u> in <span style="color:red">red</span>.</p>';
    await asOther(`hierarchicalrequirement/${nativeId}`, { HierarchicalRequirement: { Description: html } });
    const raw = () => emulator.world.issues(source.key).find((one) => one.nativeId === nativeId)?.nativeBody;
    const issue = await read({ nativeId, key });
    assert.equal(issue.body, "Sign here in red.");
    await apply(issue, { title: "Another title", estimate: 5 });
    assert.match(raw() ?? "", /<u>here<\/u>.*color:red/);

    const again = await read(issue);
    const edit = { body: "Sign **here** in red." };
    await assert.rejects(
      write.plan(source, again, edit),
      hasCode("choice_needed", ({ choices, field, message }) => {
        assert.match(message, /underlined words; colours/);
        return field === "body" && choices.length === 1 && choices[0]?.id === "as-markdown";
      }),
    );
    const after = await apply(again, { ...edit, transition: "as-markdown" });
    assert.equal(after.body, edit.body);
    assert.equal(raw(), "<p>Sign <b>here</b> in red.</p>");
  });

  it("is refused with Rally's own limit and list, and the item stays as it was", async (t) => {
    const { find, apply, read, write, source } = await open(t);
    const story = await find("User Story");
    for (const [edit, words] of [
      [{ body: "x".repeat(40_000) }, /maximum length of 32768/],
      [{ title: "a <script>b" }, /HTML Whitelist/],
      [{ title: "x".repeat(300) }, /maximum length of 256/],
    ] as const) {
      await assert.rejects(
        apply(story, edit),
        hasCode("invalid_input", ({ message }) => words.test(message)),
      );
      await assert.rejects(write.create(source, { ...blankDraft, ...edit }, newMark()), hasCode("invalid_input"));
    }
    assert.deepEqual(await read(story), story);
  });
});

describe("what a server that drops marks made", () => {
  const thorough = { variant: "thorough" };

  it("is told by author, type, time and words", async (t) => {
    const { write, source, emulator } = await open(t, thorough);
    const draft = { ...blankDraft, title: "Was it made?", body: "* one\n* two" };
    // An older one of the same name, and one that an answer told of.
    await write.create(source, draft, newMark());
    const mark = sentMark();
    emulator.faults.add({ kind: "lost-answer", path: "/hierarchicalrequirement/create" });
    await assert.rejects(write.create(source, draft, mark));
    emulator.world.create(source.key, { title: draft.title, body: draft.body });
    const found = await write.findCreated(source, draft, mark);
    assert.equal(found.length, 1);
    assert.equal(found[0]?.issue.body, "- one\n- two");
    assert.deepEqual(await write.findCreated(source, { ...draft, title: "Another" }, mark), []);
    assert.deepEqual(await write.findCreated(source, { ...draft, body: "three" }, mark), []);
    const later = sentMark(Date.now() + 60_000);
    assert.deepEqual(await write.findCreated(source, draft, later), []);
    const [item] = found;
    assert.ok(item);
    const address = { nativeId: item.issue.nativeId, key: item.issue.key, sourceKey: source.key };
    const said = sentMark();
    emulator.faults.add({ kind: "lost-answer", path: "/conversationpost/create" });
    await assert.rejects(write.comment(source, address, "Hello *you*", said));
    emulator.world.comment(address.nativeId, "Hello *you*");
    const comments = await write.findComments(source, address, "Hello *you*", said);
    assert.deepEqual(
      comments.map(({ comment }) => comment.body),
      ["Hello *you*"],
    );
    assert.deepEqual(await write.findComments(source, address, "Hello you two", said), []);
  });

  it("is both of two twins, and nothing where it never arrived", async (t) => {
    const { open: reopen, source, emulator, write } = await open(t, thorough);
    const mark = sentMark();
    emulator.faults.add({ kind: "lost-answer", path: "/create", times: 2 });
    for (let turn = 0; turn < 2; turn++) await assert.rejects(write.create(source, blankDraft, mark));
    // By a connection that made nothing yet: after a restart.
    const other = reopen().connection.write;
    assert.equal((await other?.findCreated(source, blankDraft, mark))?.length, 2);
    emulator.faults.add({ kind: "drop", path: "/create" });
    const lost = { ...blankDraft, title: "Never arrived" };
    await assert.rejects(write.create(source, lost, mark));
    assert.deepEqual(await write.findCreated(source, lost, mark), []);
  });
});

describe("types", () => {
  it("ask for their own required fields, and say in Rally's words what is missing", async (t) => {
    const { write, source, schema, emulator } = await open(t);
    await assert.rejects(
      write.create(source, { ...blankDraft, type: "Defect" }, newMark()),
      hasCode("invalid_input", ({ message }) => message.includes("Defect.Found By should not be null")),
    );
    const [person] = schema.vocabulary.people;
    const defect = await write.create(
      source,
      { ...blankDraft, type: "Defect", nativePriority: "Low", fields: { c_FoundBy: "Support" } },
      newMark(),
    );
    assert.equal(defect.issue.nativePriority, "Low");
    const feature = await write.create(
      source,
      { ...blankDraft, type: "Feature", fields: { c_Sponsor: person?.id ?? "", c_BusinessValue: "7" } },
      newMark(),
    );
    const kept = emulator.requests.list().at(-1);
    assert.match(kept?.body ?? "", /"c_Sponsor":\{"_ref":"\/user\/\d+"\},"c_BusinessValue":7/);
    assert.equal(feature.issue.type, "Feature");
    await assert.rejects(
      write.create(source, { ...blankDraft, fields: { c_Nothing: 1 } }, newMark()),
      hasCode("invalid_input", ({ field }) => field === "c_Nothing"),
    );
    await assert.rejects(
      write.create(source, { ...blankDraft, type: "Feature", fields: { c_BusinessValue: "much" } }, newMark()),
      hasCode("invalid_input", ({ field }) => field === "c_BusinessValue"),
    );
    await assert.rejects(
      write.create(source, { ...blankDraft, type: "Epic" }, newMark()),
      hasCode("invalid_input", ({ candidates }) => candidates.includes("Defect")),
    );
  });

  it("put a task where its story lies, and let none be without one", async (t) => {
    const { write, source, emulator, read, address } = await open(t);
    await assert.rejects(
      write.create(source, { ...blankDraft, type: "Task" }, newMark()),
      hasCode("invalid_input", ({ field }) => field === "parent"),
    );
    const below = emulator.world.addSource?.(source.key, "Docks") ?? "";
    const story = await read(emulator.world.create(below, { title: "down there" }));
    const { issue } = await write.create(
      source,
      { ...blankDraft, type: "Task", estimate: 4, parent: address(story) },
      newMark(),
    );
    assert.equal(issue.parentId, story.nativeId);
    assert.equal(issue.estimate, 4);
    assert.equal(emulator.world.issues(below).length, 2);
  });

  it("let a story change from a feature to a story and to nothing, in one request each", async (t) => {
    const { find, apply, write, source, sent, address } = await open(t);
    const feature = await find("Feature");
    const parent = await find("User Story", ({ parentId }) => parentId === null);
    const { issue: made } = await write.create(source, { ...blankDraft, parent: address(feature) }, newMark());
    assert.equal(made.parentId, feature.nativeId);
    let story = made;
    for (const wanted of [parent, feature, null]) {
      const edit = { parent: wanted === null ? null : address(wanted) };
      const requests = await sent(async () => {
        const [step] = await write.plan(source, story, edit);
        assert.ok(step);
        const answer = await write.perform(source, story, step);
        assert.ok(answer);
        story = answer.issue;
      });
      assert.deepEqual(requests, ["POST /hierarchicalrequirement/…"]);
      assert.equal(story.parentId, wanted?.nativeId ?? null);
    }
    await assert.rejects(
      apply(await find("Defect", ({ parentId }) => parentId === null), {
        parent: address(await find("Defect", ({ key }) => key !== "DE1")),
      }),
      hasCode("unsupported", ({ field }) => field === "parent"),
    );
  });

  it("say what they do not have", async (t) => {
    const { write, source, find } = await open(t, { issues: 200 });
    for (const [type, edit, field] of [
      ["User Story", { nativePriority: "Low" }, "priority"],
      ["User Story", { dueDate: "2031-01-01" }, "dueDate"],
      ["User Story", { type: "Defect" }, "type"],
      ["Task", { cycleId: "iteration:1" }, "cycle"],
      ["Feature", { cycleId: "iteration:1" }, "cycle"],
      ["Feature", { estimate: 3 }, "estimate"],
    ] as const) {
      await assert.rejects(
        write.plan(source, await find(type), edit),
        hasCode("unsupported", (error) => error.field === field && (error.hint ?? "").length > 0),
      );
    }
    for (const stateId of ["story", "defect:Open:1", "task:"]) {
      await assert.rejects(write.plan(source, await find("User Story"), { stateId }), hasCode("invalid_input"));
    }
  });

  it("give iterations and releases back as they are planned for", async (t) => {
    const { find, apply, schema } = await open(t);
    const [iteration] = schema.vocabulary.cycles.filter(({ id }) => id.startsWith("iteration:"));
    const [release] = schema.vocabulary.cycles.filter(({ id }) => id.startsWith("release:"));
    assert.ok(iteration && release);
    let story = await find("User Story", ({ cycleId }) => cycleId === null);
    for (const cycleId of [release.id, iteration.id, release.id, iteration.id, null]) {
      story = await apply(story, { cycleId });
      assert.equal(story.cycleId, cycleId);
    }
    // A project's own columns and time boxes are not another one's: Rally says so.
    await assert.rejects(apply(story, { cycleId: "iteration:1" }), hasCode("not_found"));
  });
});

describe("relations", () => {
  it("are kept among stories, among portfolio items and, of duplicates, among defects", async (t) => {
    const { write, source, find, address, sent } = await open(t);
    const story = address(await find("User Story"));
    const defect = address(await find("Defect"));
    for (const [issue, type, target] of [
      [story, "blocks", defect],
      [defect, "blocked_by", defect],
      [story, "duplicates", story],
      [story, "relates", story],
    ] as const) {
      const requests = await sent(() =>
        assert.rejects(
          write.relate(source, issue, { type, target, id: null }),
          hasCode("unsupported", ({ hint }) => (hint ?? "").includes("defects")),
        ),
      );
      assert.deepEqual(requests, []);
    }
  });
});

describe("rights", () => {
  it("are told before anybody tries: of a key for reading only, and of a viewer", async (t) => {
    const { open: reopen, source, find } = await open(t);
    const story = await find("User Story");
    for (const [key, allowed, reason, refusal] of [
      ["_rally_emulator_full", true, null, null],
      ["_rally_emulator_reader", false, /for reading only\..*full access/, /for reading only/],
      ["_rally_emulator_viewer", false, /viewer of this project/, /Not authorized to update/],
    ] as const) {
      const { connection } = reopen({ credentials: { RALLY_API_KEY: key } });
      const { writable } = await connection.describe(source, {});
      assert.equal(writable.allowed, allowed, key);
      if (reason === null) assert.equal(writable.reason, null);
      else assert.match(writable.reason ?? "", reason);
      const { write } = connection;
      assert.ok(write);
      const [step] = await write.plan(source, story, { title: `By ${key}` });
      assert.ok(step);
      if (refusal === null) await write.perform(source, story, step);
      else
        await assert.rejects(
          write.perform(source, story, step),
          hasCode("forbidden", ({ message }) => refusal.test(message)),
        );
    }
  });

  it("end with the key: a revoked one waits for another, it is not taken for one that only reads", async (t) => {
    const { write, source, find, emulator } = await open(t);
    const story = await find("User Story");
    const [step] = await write.plan(source, story, { title: "x" });
    assert.ok(step);
    emulator.faults.add({ kind: "revoked", times: 2 });
    await assert.rejects(write.perform(source, story, step), hasCode("auth"));
  });

  it("let nobody change another one's comment", async (t) => {
    const { open: reopen, write, source, find, address, emulator } = await open(t);
    const story = address(await find("User Story"));
    const { comment } = await write.comment(source, story, "Mine", newMark());
    const other = reopen({ credentials: emulator.otherCredentials }).connection.write;
    assert.ok(other);
    await assert.rejects(
      other.editComment(source, story, comment.id, "Theirs"),
      hasCode("forbidden", ({ hint }) => (hint ?? "").includes("author")),
    );
    await assert.rejects(other.deleteComment(source, story, comment.id), hasCode("forbidden"));
  });
});
