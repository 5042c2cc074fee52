import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";
import { extractCommands } from "./quick-actions.ts";

describe("quick actions", () => {
  // A text, and what remains of it on servers that read lines and on those that read markdown; null: unchanged.
  const rows: [string, string | null, string | null][] = [
    ["/close", "", ""],
    ["Hello\n/close\nthere", "Hello\nthere", "Hello\nthere"],
    ["/CLOSE", "", ""],
    ['/label ~"in progress" ~bug\nText', "Text", "Text"],
    ["/closed", null, null],
    ["/login returns 500", null, null],
    [" /close", null, null],
    ["\\/close", null, null],
    ["&#47;close", null, null],
    ["`/close`", null, null],
    ["```\n/close\n```", null, null],
    ["~~~\n/close\n~~~", "~~~\n~~~", null],
    ["> /close", null, null],
    ["<div>\n/close\n</div>", null, null],
    ["- a\n\n/close", "- a", "- a"],
  ];
  for (const [text, byLine, inMarkdown] of rows) {
    test(`in ${JSON.stringify(text)}`, () => {
      for (const [readsMarkdown, left] of [
        [false, byLine],
        [true, inMarkdown],
      ] as const) {
        const found = extractCommands(text, readsMarkdown);
        assert.equal(found.text, left ?? text, `reads markdown: ${readsMarkdown}`);
        assert.equal(found.commands.length, left === null ? 0 : 1);
      }
    });
  }

  test("carriage returns and trailing space are removed with them", () => {
    assert.equal(extractCommands("a\r\nb \n\n", true).text, "a\nb");
  });

  for (const variant of ["gitlab.com", "self-managed-15"]) {
    test(`are executed and not stored (${variant})`, async (t) => {
      const emulator = await startEmulator("gitlab", { issues: 5, seed: 1, variant });
      t.after(() => emulator.close());
      const [issue] = emulator.world.issues("harborline/platform/billing").filter(({ closed }) => !closed);
      assert.ok(issue);
      const notes = `/projects/harborline%2Fplatform%2Fbilling/issues/${issue.key.slice(1)}/notes`;
      const alone = await send(emulator, "POST", notes, { body: "/close" });
      assert.equal(alone.status, 202);
      assert.deepEqual(Object.keys(alone.body), ["commands_changes", "summary"]);
      assert.equal(find(emulator, issue.nativeId)?.state, "closed");
      const before = emulator.world.comments?.(issue.nativeId).length ?? 0;
      const more = await send(emulator, "POST", notes, { body: "Not yet.\n/reopen\n/title Renamed" });
      assert.equal(more.status, 201);
      assert.equal(more.body["body"], "Not yet.");
      assert.deepEqual(
        [find(emulator, issue.nativeId)?.state, find(emulator, issue.nativeId)?.title],
        ["opened", "Renamed"],
      );
      assert.equal(emulator.world.comments?.(issue.nativeId).length, before + 1);
      const description = { description: "Text\n/close" };
      const edited = await send(emulator, "PUT", notes.replace("/notes", ""), description);
      assert.deepEqual([edited.body["description"], edited.body["state"]], ["Text", "closed"]);
    });
  }
});

function find(emulator: Emulator, nativeId: string) {
  return emulator.world.issues().find((issue) => issue.nativeId === nativeId);
}

async function send(emulator: Emulator, method: string, path: string, body: unknown) {
  const token = emulator.credentials["GITLAB_TOKEN"] ?? "";
  const response = await fetch(`${emulator.url}/api/v4${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
