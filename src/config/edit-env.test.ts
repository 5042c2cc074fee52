import assert from "node:assert/strict";
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { isPanopticonError } from "../domain/error.ts";
import { editEnvText, setVariables } from "./edit-env.ts";
import { parseEnvText } from "./env-file.ts";
import { makeHome } from "./fixture.ts";

const valuesOf = (text: string) => Object.fromEntries(parseEnvText("", text).values);

const written = `# trackers

export HUB_TOKEN=old # from the settings of Hub
LIN_API_KEY='lin # one'   # of the robot
# HUB_TOKEN=commented
KEY="first
second" # goes on
RALLY=https://rally.test/#/workspace/1 # copied
not an assignment
LAST=1
`;

test("a value is replaced in place; comments, order and the rest stay", () => {
  const after = editEnvText(written, { HUB_TOKEN: "new", LIN_API_KEY: "lin two", KEY: "one", RALLY: "12345" });
  assert.equal(
    after,
    written
      .replace("=old", "=new")
      .replace("'lin # one'", "'lin two'")
      .replace('"first\nsecond"', "one")
      .replace("https://rally.test/#/workspace/1", "12345"),
  );
});

test("a variable is removed with its lines, wherever it is, and nothing else", () => {
  const after = editEnvText(written + "KEY=again\n", { KEY: null, NOTHING: null });
  assert.equal(after, written.replace('KEY="first\nsecond" # goes on\n', ""));
});

test("a duplicate variable has one line afterwards", () => {
  assert.equal(editEnvText("A=1\nB=2\nA=3 # why\n", { A: "4" }), "B=2\nA=4 # why\n");
});

test("a new variable comes last, on its own line", () => {
  assert.equal(editEnvText("", { A: "1" }), "A=1\n");
  assert.equal(editEnvText("A=1", { B: "2" }), "A=1\nB=2\n");
  assert.equal(editEnvText("A=1\r\n# end\r\n", { B: "2" }), "A=1\r\n# end\r\nB=2\r\n");
});

test("difficult values are read back as written", () => {
  const nasty = [
    "a b",
    "a#b",
    "'quoted'",
    '"quoted"',
    "it's",
    'say "hi"',
    "back\\slash\\n",
    "ends\\",
    "$HOME $(rm -rf ~) `id`",
    'it\'s "both"',
    "=",
    "a=b=c==",
    "https://x.test/#/y",
    "ghp_" + "x".repeat(4000),
    "ключ",
    "export A=1",
  ];
  for (const value of nasty) {
    const after = editEnvText(`${written}A='b' # c\n`, { A: value });
    assert.deepEqual(valuesOf(after), { ...valuesOf(written), A: value }, value);
    assert.match(after, /# c\n$/);
  }
});

test("a value that would add another line is refused, without repeating it", () => {
  for (const value of ["one\nB=2", "one\r\nB=2", "one\rB=2", "nul\0", "esc\u001b[2J"]) {
    assert.throws(
      () => editEnvText("A=1\n", { A: value }),
      (error) => isPanopticonError(error) && error.code === "invalid_input" && !error.message.includes("one"),
    );
  }
});

test("any line of text is written so that it is read back, or refused", () => {
  let kept = 0;
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: "grapheme" }), fc.string({ maxLength: 120 }), (text, noise) => {
      const value = text.trim();
      if (value === "") return;
      const before = `${noise}\n${written}`;
      let after: string;
      try {
        after = editEnvText(before, { A: value });
      } catch (error) {
        assert.ok(isPanopticonError(error));
        return;
      }
      kept += 1;
      assert.deepEqual(valuesOf(after), { ...valuesOf(before), A: value });
    }),
    { numRuns: 500 },
  );
  assert.ok(kept > 300, `${kept} of 500 were written`);
});

test(
  "the file is created only for its owner, and other users' access is removed",
  { skip: process.platform === "win32" && "Windows keeps no modes" },
  () => {
    using home = makeHome();
    const path = home.paths.envFile;
    setVariables(path, { A: "1" });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    chmodSync(path, 0o644);
    setVariables(path, { A: "2" });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(
      readdirSync(home.folder).filter((name) => name.endsWith(".tmp")),
      [],
    );
  },
);

test("a symlink stays one", { skip: process.platform === "win32" && "Windows lets not everybody make links" }, () => {
  using home = makeHome();
  const target = join(home.folder, "keys");
  writeFileSync(target, "A=1\n");
  symlinkSync(target, home.paths.envFile);
  setVariables(home.paths.envFile, { A: "2" });
  assert.ok(lstatSync(home.paths.envFile).isSymbolicLink());
  assert.equal(readFileSync(target, "utf8"), "A=2\n");
});
