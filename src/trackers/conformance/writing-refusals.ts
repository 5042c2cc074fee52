import assert from "node:assert/strict";
import { type ErrorCode, PanopticonError } from "../../domain/error.ts";
import type { NativeEdit } from "../tracker.ts";
import { hasCode } from "./assert-code.ts";
import type { Register } from "./register.ts";
import type { Subject } from "./stage.ts";
import { registerWriter, sample } from "./writer-stage.ts";
import { newMark } from "./operation-mark.ts";
import { emptyDraft } from "./drafts.ts";
import { readIssue } from "./read-issue.ts";

/** What the tracker refuses. */
export function testRefusals(it: Register, subject: Subject): void {
  const writes = registerWriter(it, subject);
  const { capabilities, writing } = subject.definition;

  writes(
    "reports what read-only credentials lack, and is refused with them",
    async (stage) => {
      const { emulator, open } = stage;
      const { connection } = open({ credentials: emulator.weakCredentials.values });
      const visible = (await Array.fromAsync(connection.sources())).find(({ readable }) => readable);
      assert.ok(visible, "the weak credentials see a source");
      const source = { ...stage.source, key: visible.key, nativeId: visible.id };
      const { writable } = await connection.describe(source, {});
      if (stage.writing.tellsNoRights !== true || writable.allowed !== null) {
        assert.equal(
          writable.allowed,
          false,
          `\`describe\` says as \`writable\` that the emulator's weak credentials may not write (they lack ${emulator.weakCredentials.lacks}); where the tracker tells nothing beforehand, the subject says \`tellsNoRights\``,
        );
        assert.match(writable.reason ?? "", /^[A-Z].*\.$/s, "a sentence says what the credentials lack");
      }
      const [world] = emulator.world.issues(visible.key);
      assert.ok(world && connection.write);
      const before = emulator.world.issues(visible.key);
      const issue = await readIssue(connection, source, world);
      const [step] = await connection.write.plan(source, issue, { title: "By somebody without rights" });
      assert.ok(step);
      const address = { nativeId: issue.nativeId, key: issue.key, sourceKey: visible.key };
      const fixable = hasCode("forbidden", ({ hint }) => (hint ?? "").length > 0);
      await assert.rejects(connection.write.perform(source, issue, step), fixable);
      if (capabilities.comments)
        await assert.rejects(connection.write.comment(source, address, "No", newMark()), fixable);
      await assert.rejects(connection.write.create(source, emptyDraft(stage), newMark()), fixable);
      assert.deepEqual(emulator.world.issues(visible.key), before);
    },
    { sources: 3 },
  );

  writes("reports that credentials may write, or that this is unknown", async ({ schema }) => {
    assert.notEqual(schema.writable.allowed, false);
    assert.equal(schema.writable.reason, null);
  });

  writes("is refused an empty title with the tracker's message", async (stage) => {
    const issue = await stage.read(sample(stage));
    await assert.rejects(stage.apply(issue, { title: "" }), hasCode("invalid_input"));
    assert.equal((await stage.read(issue)).title, issue.title);
    await assert.rejects(
      stage.write.create(stage.source, { ...emptyDraft(stage), title: "" }, newMark()),
      hasCode("invalid_input"),
    );
  });

  const { texts } = subject.definition.writing;
  const limits = [
    ["title", texts.title],
    ["body", texts.body],
  ] as const;
  for (const [field, most] of limits) {
    if (most === null) continue;
    writes(
      `accepts a ${field} of the declared length, and is refused a longer one with the tracker's message`,
      async (stage) => {
        const exact = textOfLength(most, stage.writing.lengthOf);
        const issue = await stage.apply(await stage.read(sample(stage)), { [field]: exact });
        if (field === "body") await stage.sameText(issue.body, exact);
        else assert.equal(issue.title, exact);
        const draft = { ...emptyDraft(stage), [field]: exact };
        const created = await stage.write.create(stage.source, draft, newMark());
        if (field === "body") {
          await stage.sameText(created.issue.body, exact);
          if (capabilities.comments) {
            const address = stage.address(issue);
            const { comment } = await stage.write.comment(stage.source, address, exact, newMark());
            await stage.sameText(comment.body, exact);
          }
        } else assert.equal(created.issue.title, exact);
        // The declared limit may be somewhat below the tracker's own.
        const tooLong = exact + "x".repeat(200 + Math.ceil(most / 8));
        const refused = hasCode("invalid_input", /long|maximum|exceed|large|size|limit/i);
        await assert.rejects(stage.apply(issue, { [field]: tooLong }), refused);
        await assert.rejects(stage.write.create(stage.source, { ...draft, [field]: tooLong }, newMark()), refused);
      },
    );
  }

  writes("is refused what the source does not have", async (stage) => {
    const issue = await stage.read(sample(stage));
    const unknown = "999999999";
    const edits: NativeEdit[] = [
      { stateId: unknown },
      { addAssignees: [unknown] },
      ...(capabilities.cycles ? [{ cycleId: unknown }] : []),
      ...(writing.type ? [{ type: "No such type" }] : []),
      ...(writing.newLabels ? [] : [{ addLabels: [{ id: unknown, name: "No such label" }] }]),
    ];
    for (const edit of edits) {
      const failure = await stage.apply(issue, edit).catch((error: unknown) => error);
      assertRefusal(failure, JSON.stringify(edit));
    }
    assert.deepEqual({ ...(await stage.read(issue)), version: null }, { ...issue, version: null });
  });

  writes("is refused an issue that is gone", async (stage) => {
    const issue = await stage.read(sample(stage));
    const steps = await stage.write.plan(stage.source, issue, { title: "Too late" });
    stage.emulator.world.delete(issue.nativeId);
    assertRefusal(await stage.perform(issue, steps).catch((error: unknown) => error), "edit");
    if (!capabilities.comments) return;
    const address = stage.address(issue);
    const comment = stage.write.comment(stage.source, address, "Too late", newMark());
    assertRefusal(await comment.catch((error: unknown) => error), "comment");
  });
}

/** A text of exactly this length, with characters of one and of several units. */
function textOfLength(most: number, lengthOf: (text: string) => number = (text) => [...text].length): string {
  const characters = [..."ä🎉x "];
  const each = lengthOf(characters.join(""));
  const text = "ä🎉x ".repeat(Math.floor((most - 1) / each));
  return text + "y".repeat(most - lengthOf(text));
}

function assertRefusal(failure: unknown, what: string): void {
  const codes: readonly ErrorCode[] = ["invalid_input", "not_found", "gone", "forbidden", "unsupported"];
  assert.ok(failure instanceof PanopticonError, `${what}: ${String(failure)}`);
  assert.ok(codes.includes(failure.code), `${what}: ${failure.code} ${failure.message}`);
  assert.match(failure.message, /^[A-Z0-9"].*\.$/su);
}
