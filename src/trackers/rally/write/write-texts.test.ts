import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { newMark } from "../../conformance/operation-mark.ts";
import { setWriteStage } from "./write-stage.ts";

describe("a description", () => {
  it("with formatting that Markdown cannot express keeps it when something else changes, and asks before losing it", async (t) => {
    const { write, source, find, apply, read, emulator } = await setWriteStage(t);
    const { nativeId, key } = await find("User Story");
    const html = '<p>Sign <u>here</u> in <span style="color:red">red</span>.</p>';
    // As a user changes it in the tracker.
    const response = await fetch(`${emulator.url}/slm/webservice/v2.0/hierarchicalrequirement/${nativeId}`, {
      method: "POST",
      headers: { zsessionid: emulator.otherCredentials["RALLY_API_KEY"] ?? "" },
      body: JSON.stringify({ HierarchicalRequirement: { Description: html } }),
    });
    assert.ok(!(await response.text()).includes('"Errors":["'));
    const raw = () => emulator.world.issues(source.key).find((one) => one.nativeId === nativeId)?.nativeBody;
    const issue = await read({ nativeId, key });
    assert.equal(issue.body, "Sign <u>here</u> in red.");
    await apply(issue, { title: "Another title", estimate: 5 });
    assert.match(raw() ?? "", /<u>here<\/u>.*color:red/);

    const again = await read(issue);
    const edit = { body: "Sign **here** in red." };
    await assert.rejects(
      write.plan(source, again, edit),
      hasCode("choice_needed", ({ choices, field, message }) => {
        assert.match(message, /colours, fonts/);
        return field === "body" && choices.length === 1 && choices[0]?.id === "as-markdown";
      }),
    );
    const after = await apply(again, { ...edit, transition: "as-markdown" });
    assert.equal(after.body, edit.body);
    assert.equal(raw(), "<p>Sign <b>here</b> in red.</p>");
  });

  it("is refused with Rally's own limit and list, and the item stays unchanged", async (t) => {
    const { find, apply, read, write, source } = await setWriteStage(t);
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
