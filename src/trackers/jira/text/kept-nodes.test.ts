import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { hasCode } from "../../conformance/assert-code.ts";
import { setWriterStage } from "../../conformance/writer-stage.ts";
import { jiraCloudSubject } from "../subject.ts";

describe("texts that Markdown cannot express", () => {
  const open = async (t: TestContext) => {
    const stage = await setWriterStage(t, jiraCloudSubject);
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

  it("keeps people, dates and statuses while their text stays", async (t) => {
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
    it(`refuses to edit a text with ${what}, and changes everything else`, async (t) => {
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
