import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { after } from "../../../test/support/hooks.ts";
import { runScript, writtenRun } from "./run-script.ts";

const folder = mkdtempSync(join(tmpdir(), "pan-run-"));
const script = join(folder, "run-agent.sh");
writeFileSync(script, runScript);
after(() => rmSync(folder, { recursive: true, force: true }));

const print = ["sh", "-c", `printf '%s\\0' "$PWD" "\${TERM-none}" "\${LEAK-none}" "$VALUE" "$@"`, "sh"];

/** What a program receives of an argument list and a variable, if run as tmux runs it. */
function runWith(cwd: string, value: string, args: readonly string[]) {
  const env = { PATH: "/usr/bin:/bin", VALUE: value, TERM: "ours" };
  writeFileSync(join(folder, "run"), writtenRun({ argv: [...print, ...args], cwd, env }));
  const ran = spawnSync("/bin/sh", [script, folder], {
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin", TERM: "tmux-256color", LEAK: "secret" },
  });
  return { ...ran, got: ran.stdout.split("\0").slice(0, -1), exit: readFileSync(join(folder, "exit"), "utf8") };
}

test("an agent gets its arguments and variables byte by byte, whatever they contain, and nothing else", () => {
  const part = fc.oneof(
    fc.constantFrom(
      "$(touch evil)",
      "`id`",
      "; rm -rf ~",
      "-n",
      "\n",
      "\\",
      "\\0101",
      "%s",
      "'",
      '"',
      "\t",
      "\r",
      " ",
      "*",
    ),
    fc.string({ unit: "binary" }),
  );
  const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join("").replaceAll("\0", "").toWellFormed());
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1, maxLength: 4 }), (value, args) => {
      const { got, exit, stderr } = runWith(folder, value, args);
      assert.deepEqual(got, [folder, "tmux-256color", "none", value, ...args]);
      assert.equal(exit, "0\n");
      assert.equal(stderr, "");
      assert.ok(!existsSync(join(folder, "evil")));
    }),
    { numRuns: 60 },
  );
});

test("the exit is recorded, even if the folder is gone", () => {
  writeFileSync(
    join(folder, "run"),
    writtenRun({ argv: ["sh", "-c", "exit 7"], cwd: folder, env: { PATH: "/bin:/usr/bin" } }),
  );
  assert.equal(spawnSync("/bin/sh", [script, folder]).status, 7);
  assert.equal(readFileSync(join(folder, "exit"), "utf8"), "7\n");
  const gone = runWith(join(folder, "no such", "folder"), "", ["a"]);
  assert.match(gone.stdout, /^The workspace .*no such\/folder is gone\.\n$/);
  assert.equal(gone.exit, "1\n");
});

test("refuses a program that env would read as a variable", () => {
  assert.throws(() => writtenRun({ argv: ["a=b"], cwd: "/", env: {} }), /equals sign/);
});
