import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { parseEnvText, readEnvFile } from "./env-file.ts";
import { makeHome } from "./fixture.ts";

const file = "/home/someone/.panopticon.env";

test("parses quotes, comments, export and blank lines", () => {
  const text = [
    "# trackers",
    "",
    "export A=one",
    'B="two # not a comment" # a comment',
    "C='three'",
    "  D = four",
    "E=",
    'F="first\nsecond"',
    "G=five # comment",
  ].join("\r\n");
  const { values, problems } = parseEnvText(file, text);
  assert.deepEqual(Object.fromEntries(values), {
    A: "one",
    B: "two # not a comment",
    C: "three",
    D: "four",
    E: "",
    F: "first\nsecond",
    G: "five",
  });
  assert.deepEqual(problems, []);
});

test("a URL keeps its fragment, as copied from the browser", () => {
  const text =
    "A=https://rally.test/#/workspace/1/project/2\nB=http://x.test/ # a comment\nC='https://x.test/#/y'\nD=a#b\n";
  assert.deepEqual(Object.fromEntries(parseEnvText(file, text).values), {
    A: "https://rally.test/#/workspace/1/project/2",
    B: "http://x.test/",
    C: "https://x.test/#/y",
    D: "a",
  });
});

test("a line that is not an assignment is reported by number, without its content", () => {
  const { values, problems } = parseEnvText(file, "A=1\nghp_secretsecret\nB=2\n");
  assert.deepEqual([...values.keys()], ["A", "B"]);
  assert.deepEqual(
    problems.map(({ line, severity }) => ({ line, severity })),
    [{ line: 2, severity: "warning" }],
  );
  assert.ok(!JSON.stringify(problems).includes("ghp_"));
});

test("an unclosed quote is reported where it opens", () => {
  const { problems } = parseEnvText(file, 'A=1\nB="two\nC=3\n');
  assert.deepEqual(
    problems.map(({ line, message }) => ({ line, message })),
    [{ line: 2, message: "this quote is never closed" }],
  );
});

test("a missing file has no values and is not a problem", () => {
  using home = makeHome();
  assert.deepEqual(readEnvFile(home.paths.envFile), { path: home.paths.envFile, values: new Map(), problems: [] });
});

test(
  "a file that others can read is reported with the command that fixes it",
  { skip: process.platform === "win32" && "Windows keeps no modes" },
  () => {
    using home = makeHome();
    const path = home.write("env", "HUB_TOKEN=x\n");
    assert.deepEqual(readEnvFile(path).problems, []);
    chmodSync(path, 0o644);
    const [problem] = readEnvFile(path).problems;
    assert.match(problem?.message ?? "", /other users on this machine can read it \(mode 644\)/);
    assert.equal(problem?.hint, `Run: chmod 600 ${path}`);
  },
);

test("parses any text, and no problem contains a value", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200, unit: "binary" }), fc.stringMatching(/^[a-z0-9]{24}$/), (noise, secret) => {
      const { problems } = parseEnvText(file, `${noise}\nTOKEN="${secret}\n${secret}\n${noise}`);
      const lines = `${noise}\n\n\n${noise}`.split(/\r\n|\r|\n/).length;
      for (const problem of problems) {
        assert.ok(problem.line !== null && problem.line >= 1 && problem.line <= lines);
        assert.ok(!JSON.stringify(problem).includes(secret));
      }
    }),
  );
});
