import assert from "node:assert/strict";
import { createMirror } from "./mirror.ts";
import type { Register } from "./register.ts";
import { setStage, type Subject } from "./stage.ts";

const oddTitles = [
  "   leading and trailing   ",
  "\"quotes\" 'single' `back` <b>tags</b> &amp; &lt;",
  "日本語のタイトル 👩‍👩‍👧‍👦 Ünïcödé ﷽ \u202Ertl",
  "tab\tand backslash \\ and percent %20 %zz",
  "' OR 1=1; DROP TABLE issues; --",
  "#45 owner/repo#1 MIN-123 @someone",
  "a".repeat(255),
  "0",
];

/** Texts are read unchanged. */
export function testContents(it: Register, subject: Subject): void {
  it("keeps unusual titles and Unicode", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject);
    const created = oddTitles.map((title) =>
      emulator.world.create(source.key, { title, body: `${title}\r\n\n\u0000\uFEFF line\u2028two 🎉` }),
    );
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const world = new Map(emulator.world.issues(source.key).map((issue) => [issue.nativeId, issue]));
    for (const { nativeId } of created) {
      assert.equal(mirror.issues.get(nativeId)?.title, world.get(nativeId)?.title);
      assert.equal(mirror.issues.get(nativeId)?.body, world.get(nativeId)?.body);
    }
  });

  it("accepts an empty body", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject);
    const { nativeId } = emulator.world.create(source.key, { title: "nothing to say", body: "" });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.get(nativeId)?.body, "");
  });

  it("accepts bodies of a megabyte", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject);
    const body = "äöü 🎉 ".repeat(100_000).slice(0, 1024 * 1024);
    for (let index = 0; index < 5; index++) emulator.world.create(source.key, { title: `Large ${index}`, body });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.size, 5);
    const [kept] = emulator.world.issues(source.key);
    assert.ok(kept && kept.body.trim().length >= body.trim().length);
    for (const issue of mirror.issues.values()) assert.equal(issue.body, kept.body);
  });

  if (subject.definition.capabilities.comments) {
    it("returns comments, oldest and newest, with their authors", async (t) => {
      const { connection, source, emulator } = await setStage(t, subject);
      const { nativeId, key } = emulator.world.create(source.key, { title: "much discussed" });
      const texts = Array.from({ length: 120 }, (_, index) => `Comment ${index} 🎉`);
      for (const text of texts) emulator.world.comment(nativeId, text);
      const pages = await Array.fromAsync(connection.comments(source, nativeId, key));
      const comments = pages.flatMap((page) => page.comments);
      const people = new Set(pages.flatMap((page) => page.seen.people ?? []).map((person) => person.id));
      assert.deepEqual(comments.map((comment) => comment.body).sort(), [...texts].sort());
      assert.equal(new Set(comments.map((comment) => comment.id)).size, texts.length);
      for (const { authorId, createdAt } of comments) {
        assert.ok(authorId === null || people.has(authorId));
        assert.ok(createdAt > 0);
      }
    });
  }

  it("returns no comments for an issue without any", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject);
    const { nativeId, key } = emulator.world.create(source.key, { title: "quiet" });
    const pages = await Array.fromAsync(connection.comments(source, nativeId, key));
    assert.deepEqual(
      pages.flatMap((page) => page.comments),
      [],
    );
  });
}
