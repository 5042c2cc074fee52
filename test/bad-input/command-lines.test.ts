import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import fc from "fast-check";
import { commandTable } from "../../src/cli/command-table.ts";
import type { Context } from "../../src/cli/context.ts";
import { makeEmulatedHome } from "../../src/cli/fixture.ts";
import { findUnforeseen, fuzzing, hostileText } from "../support/fuzz.ts";
import { after, before } from "../support/hooks.ts";

// Commands with arguments and options that nobody would type on purpose, on a mirror of all five trackers.

let home: Awaited<ReturnType<typeof makeEmulatedHome>>;
before(async () => {
  home = await makeEmulatedHome(6);
  assert.equal((await home.here(["sync"])).code, 0);
});
after(() => home[Symbol.asyncDispose]());

/** Excluded: commands that run until ended, prompt, open a program, or remove the data; the same code parses their arguments. */
const left = new Set(["up", "down", "demo", "init", "mcp", "agent", "open", "doctor", "restore", "dispatch", "backup"]);

/** Names that exist, mixed with ones that do not. */
const known = [
  "one",
  "two",
  "github",
  "linear",
  "rally",
  "portal#1",
  "APP-1",
  "done",
  "in_progress",
  "blocks",
  "json",
  "1",
  "--",
  "-",
  "--json",
  "--help",
];
const word = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...known) },
  // Shell arguments are text without NUL.
  hostileText.map((text) => text.replaceAll("\0", "").toWellFormed().slice(0, 2000)),
);

type Known = { readonly path: readonly string[]; readonly flags: readonly string[] };

async function commands(): Promise<Known[]> {
  const out = { json() {}, line() {}, note() {}, status() {}, width: 80 };
  const context = { out, env: {}, paths: {}, clock: { now: () => 0 } } as unknown as Context;
  const found: Known[] = [];
  const add = (command: Command, path: readonly string[]): void => {
    found.push({ path, flags: command.options.map(({ long, short }) => long ?? short ?? "") });
    for (const below of command.commands) add(below, [...path, below.name()]);
  };
  for (const { name, load } of commandTable) {
    if (left.has(name)) continue;
    const command = new Command("pan").command(name);
    (await load()).define(command, context);
    add(command, [name]);
  }
  return found;
}

test("any command line succeeds or is rejected in plain words", { timeout: 120_000 }, async (t) => {
  const lines = fc.constantFrom(...(await commands())).chain(({ path, flags }) =>
    fc
      .array(
        fc.oneof(
          word,
          fc.constantFrom("--nonsense", ...flags),
          fc.tuple(fc.constantFrom("--x", ...flags), word).map(([flag, value]) => `${flag}=${value}`),
        ),
        {
          maxLength: 5,
        },
      )
      .map((words) => [...path, ...words]),
  );
  const codes = new Map<number | null, number>();
  await fc.assert(
    // Exclude options that would read this test's standard input.
    fc.asyncProperty(
      lines.filter((line) => !line.includes("-") && !line.some((one) => /secret|body-file|^--output/.test(one))),
      async (line) => {
        const { code, stderr } = await home.here(line, { VISUAL: "false", EDITOR: "false" });
        codes.set(code, (codes.get(code) ?? 0) + 1);
        const what = `pan ${line.map((one) => JSON.stringify(one)).join(" ")} → ${code}\n${stderr.slice(0, 2000)}`;
        assert.ok(code !== null && code >= 0 && code <= 5, what);
        assert.equal(findUnforeseen(stderr), null, what);
        // A failure must say something.
        assert.ok(code === 0 || stderr.trim() !== "", what);
      },
    ),
    fuzzing(t, { runs: 300, seconds: 8 }),
  );
  t.diagnostic(`exit codes: ${[...codes].map(([code, times]) => `${code}: ${times}`).join(", ")}`);
  assert.equal((await home.here(["status"])).code, 0);
});
