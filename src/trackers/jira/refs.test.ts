import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { createMirror } from "../conformance/mirror.ts";
import { setStage } from "../conformance/stage.ts";
import { jiraRefs, projectKeyOf } from "./refs.ts";
import { jiraCloudSubject } from "./subject.ts";

const project = fc.stringMatching(/^[A-Z][A-Z0-9_]{1,9}$/);
const number = fc.integer({ min: 1, max: 9_999_999 });

it("parses what it formats, in any case", () => {
  fc.assert(
    fc.property(project, number, (letters, issue) => {
      const key = `${letters}-${issue}`;
      const written = jiraRefs.format({ prefix: "", key });
      for (const text of [written, written.toLowerCase(), ` ${written} `]) {
        assert.deepEqual(jiraRefs.parse(text), { key, prefix: null, sourceKey: null, host: null });
      }
      assert.equal(projectKeyOf(key), letters);
    }),
  );
});

it("parses issue URLs, also below a context path", () => {
  const before = fc.constantFrom("browse", "jira/browse", "projects/X/issues", "a/b/browse");
  const after = fc.constantFrom("", "/", "?focusedCommentId=1", "#comment-1", "?atlOrigin=x&y=z");
  fc.assert(
    fc.property(project, number, before, after, (letters, issue, path, tail) => {
      assert.deepEqual(jiraRefs.parse(`https://Acme.atlassian.net/${path}/${letters}-${issue}${tail}`), {
        key: `${letters}-${issue}`,
        prefix: null,
        sourceKey: null,
        host: "acme.atlassian.net",
      });
    }),
  );
  for (const address of [
    "https://acme.atlassian.net/jira/software/projects/PROJ/boards/7?selectedIssue=PROJ-88",
    "https://jira.acme.example:8443/jira/secure/RapidBoard.jspa?rapidView=2&selectedIssue=proj-88#x",
  ]) {
    assert.equal(jiraRefs.parse(address)?.key, "PROJ-88", address);
  }
});

it("ignores what is not an issue", () => {
  for (const text of [
    "",
    "PROJ",
    "PROJ-",
    "PROJ-0",
    "PROJ-01",
    "P-1",
    "1PROJ-2",
    "PROJ 1",
    "app#4",
    "https://acme.atlassian.net/browse/PROJ",
    "https://acme.atlassian.net/jira/software/projects/PROJ/boards/7",
    "https://linear.app/acme/issue/PROJ-1",
  ]) {
    assert.equal(jiraRefs.parse(text), null, text);
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parsed = jiraRefs.parse(text);
      assert.ok(parsed === null || /^[A-Z][A-Z0-9_]+-[1-9]\d*$/.test(parsed.key));
    }),
  );
});

it("finds an issue by its former key, and mirrors it as the same issue under its new one", async (t) => {
  const { connection, emulator } = await setStage(t, jiraCloudSubject, { issues: 20, sources: 2 });
  const [from, to] = emulator.sources;
  assert.ok(from && to);
  const mirror = createMirror();
  const target = { key: to.key, historyMs: null, nativeId: to.id };
  await mirror.pull(connection, target);
  const [issue] = emulator.world.issues(from.key);
  assert.ok(issue);
  emulator.world.move?.(issue.nativeId, to.key);
  await mirror.pull(connection, target);
  const moved = mirror.issues.get(issue.nativeId);
  assert.equal(moved?.key.split("-")[0], to.key);
  // Jira itself resolves the old key to the same id.
  assert.deepEqual(await connection.read({ ...target, key: from.key, nativeId: from.id }, issue.nativeId, issue.key), {
    kind: "moved",
    url: `${emulator.url}/browse/${moved?.key}`,
  });
});
