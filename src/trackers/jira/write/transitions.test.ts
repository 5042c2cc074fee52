import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import type { PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import { movesTo } from "../../../domain/outward.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { newMark } from "../../conformance/operation-mark.ts";
import { readIssue } from "../../conformance/read-issue.ts";
import { setStage, type Subject } from "../../conformance/stage.ts";
import { fillForm } from "../../conformance/writing-fields.ts";
import { jiraSubjects } from "../subject.ts";

/** The second source: operations, whose workflow has two final states, asks for resolutions and leads back only from the end to the start. */
async function openYard(t: TestContext, subject: Subject) {
  const stage = await setStage(t, subject, { issues: 300, sources: 2 });
  const source = { key: "YARD", nativeId: null, historyMs: null };
  const schema = await stage.connection.describe(source, {});
  const { write } = stage.connection;
  assert.ok(write);
  const own = { ...source, nativeId: schema.info.id };
  const stateOf = (name: string) =>
    schema.vocabulary.states.find((state) => state.name === name)?.id ?? assert.fail(`no state ${name}`);
  const read = (one: Pick<NativeIssue, "nativeId" | "key">) => readIssue(stage.connection, own, one);
  const [world] = stage.emulator.world.issues("YARD").filter(({ state }) => state === "In Progress");
  assert.ok(world);
  const issue = await read(world);
  const send = async (edit: Parameters<typeof write.plan>[2], now = issue) => {
    for (const step of await write.plan(own, now, edit)) await write.perform(own, now, step);
    return read(issue);
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

for (const subject of jiraSubjects) {
  describe(`workflows of ${subject.label}`, () => {
    it("lists the transitions to states, with the fields they require", async (t) => {
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

    it("answers from recently seen transitions, requests them if those lead nowhere, and always before sending", async (t) => {
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

    it("asks which of several transitions to use and for its fields; then performs it", async (t) => {
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

    it("reports what is possible if the workflow does not allow the move, even if it changed meanwhile", async (t) => {
      const { emulator, issue, stateOf, send } = await openYard(t, subject);
      emulator.world.edit(issue.nativeId, { state: "Done" });
      const failure = await failureOf(send({ stateId: stateOf("Code Review") }));
      assert.equal(failure.code, "invalid_input");
      assert.deepEqual(failure.candidates, ["Open"]);
      assert.match(failure.hint ?? "", /can move to: Open\.$/);
    });

    it("knows that a transition is irreversible once it has seen its target", async (t) => {
      const { write, source, issue, emulator, read, stateOf } = await openYard(t, subject);
      const done = stateOf("Done");
      const reversible = async () => (await write.choices?.(source, issue, [done]))?.map((way) => way.reversible);
      assert.deepEqual(await reversible(), [true, true], "nobody knows yet");
      emulator.world.edit(issue.nativeId, { state: "Done" });
      await write.choices?.(source, await read(issue), [stateOf("Open")]);
      assert.deepEqual(await reversible(), [false, false]);
    });

    it("cancels with a resolution if the transition asks for one, else with a label", async (t) => {
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

    it("tells which fields a new issue requires, and creates one with them", async (t) => {
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
      await assert.rejects(create({}), hasCode("invalid_input", /Impact is required/));
      const { issue } = await create(fillForm(bug?.fields ?? []));
      assert.equal(issue.type, "Bug");
    });
  });
}
