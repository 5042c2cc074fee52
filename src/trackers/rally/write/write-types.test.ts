import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { newMark } from "../../conformance/operation-mark.ts";
import { setWriteStage } from "./write-stage.ts";

describe("types", () => {
  it("ask for their own required fields, and report missing ones with Rally's message", async (t) => {
    const { write, source, schema, emulator } = await setWriteStage(t);
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

  it("place a task where its story is, and require one", async (t) => {
    const { write, source, emulator, read, address } = await setWriteStage(t);
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

  it("move a story from a feature to a story and to no parent, in one request each", async (t) => {
    const { find, apply, write, source, sent, address } = await setWriteStage(t);
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

  it("report what they do not have", async (t) => {
    const { write, source, find } = await setWriteStage(t, { issues: 200 });
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

  it("return iterations and releases as planned", async (t) => {
    const { find, apply, schema } = await setWriteStage(t);
    const [iteration] = schema.vocabulary.cycles.filter(({ id }) => id.startsWith("iteration:"));
    const [release] = schema.vocabulary.cycles.filter(({ id }) => id.startsWith("release:"));
    assert.ok(iteration && release);
    let story = await find("User Story", ({ cycleId }) => cycleId === null);
    for (const cycleId of [release.id, iteration.id, release.id, iteration.id, null]) {
      story = await apply(story, { cycleId });
      assert.equal(story.cycleId, cycleId);
    }
    // A project cannot use the columns and time boxes of another one, and Rally reports it.
    await assert.rejects(apply(story, { cycleId: "iteration:1" }), hasCode("not_found"));
  });
});

describe("relations", () => {
  it("exist between stories, between portfolio items and, as duplicates, between defects", async (t) => {
    const { write, source, find, address, sent } = await setWriteStage(t);
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

  it("that are refused succeed only if nothing had to be changed", async (t) => {
    const { write, source, find, address, emulator } = await setWriteStage(t);
    const one = address(await find("User Story"));
    const two = address(await find("User Story", ({ nativeId }) => nativeId !== one.nativeId));
    const relation = { type: "blocks", target: two, id: null } as const;
    const refused = async (act: "relate" | "unrelate") => {
      emulator.faults.add({ kind: "server-error", value: 404, method: "POST", times: 1 });
      await write[act](source, one, relation);
    };
    await write.unrelate(source, one, relation);
    await assert.rejects(refused("relate"), hasCode("not_found"));
    await refused("unrelate");
    await write.relate(source, one, relation);
    await assert.rejects(refused("unrelate"), hasCode("not_found"));
    await refused("relate");
  });
});
