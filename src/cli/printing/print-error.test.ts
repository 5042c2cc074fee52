import assert from "node:assert/strict";
import { test } from "node:test";
import { resolvePaths } from "../../config/paths.ts";
import { systemClock } from "../../domain/clock.ts";
import { PanopticonError } from "../../domain/error.ts";
import { createOutput } from "./output.ts";
import { printError } from "./print-error.ts";

const now = new Date(2026, 10, 26, 14).getTime();

function print(error: unknown, env: Record<string, string> = {}): { code: number; text: string } {
  let text = "";
  const stream = { write: (part: string) => ((text += part), true) };
  const out = createOutput({ streams: { stdout: stream, stderr: stream }, env });
  const code = printError(error, { out, env, clock: { ...systemClock, now: () => now }, paths: resolvePaths(env) });
  return { code, text };
}

test("prints message and hint, nothing else", () => {
  const error = new PanopticonError("auth", "GitHub refuses the token.", {
    hint: "Make another one.",
    cause: new Error("deep"),
  });
  assert.deepEqual(print(error), { code: 4, text: "GitHub refuses the token.\nMake another one.\n" });
});

test("names the files where PANOPTICON_HOME puts them", () => {
  const hint = "Set GITHUB_TOKEN in ~/.panopticon.env, or look at ~/.panopticon/projects.yaml.";
  const error = new PanopticonError("auth", "No key.", { hint });
  assert.equal(print(error).text, `No key.\n${hint}\n`);
  assert.equal(
    print(error, { PANOPTICON_HOME: "/srv/pan" }).text,
    "No key.\nSet GITHUB_TOKEN in /srv/pan/.panopticon.env, or look at /srv/pan/.panopticon/projects.yaml.\n",
  );
});

test("says when a rate limit ends, in local time", () => {
  const error = new PanopticonError("rate_limited", "GitHub asks to slow down.", {
    retryAt: now + 300_000,
    hint: "Wait.",
  });
  const text = "GitHub asks to slow down.\nThe next request is allowed at 14:05, in 5 minutes.\nWait.\n";
  assert.deepEqual(print(error), { code: 1, text });
});

test("lists a conflict's candidates, one per line", () => {
  const error = new PanopticonError("conflict", "It fits 2 issues.", { candidates: ["a#1", "b#1\u001b[31m"] });
  assert.deepEqual(print(error), { code: 5, text: "It fits 2 issues.\n  a#1\n  b#1\n" });
});

test("lists transitions with the fields they ask for", () => {
  const resolution = { id: "r", name: "Resolution", kind: "choice" as const, required: true };
  const options = [
    { id: "1", name: "Fixed" },
    { id: "2", name: "Later" },
  ];
  const way = { id: "1", stateId: "9", stateName: "Done", fields: [], reversible: true };
  const error = new PanopticonError("choice_needed", "There are 2 ways.", {
    choices: [
      { ...way, name: "Close", reversible: false },
      { ...way, name: "Resolve", fields: [{ ...resolution, options }] },
    ],
  });
  assert.deepEqual(print(error), {
    code: 5,
    text: "There are 2 ways.\n  Close → Done; cannot be undone\n  Resolve → Done; requires Resolution (Fixed, Later)\n",
  });
});

test("prints an unexpected error without its stack, unless DEBUG=* is set", () => {
  const error = new TypeError("x is not a function");
  const { code, text } = print(error);
  assert.equal(code, 1);
  assert.match(text, /^Something went wrong inside Panopticon: x is not a function\n/);
  assert.doesNotMatch(text, /at /);
  assert.match(print(error, { DEBUG: "*" }).text, /TypeError: x is not a function\n\s+at /);
  assert.doesNotMatch(print(error, { DEBUG: "github" }).text, /\s+at /);
});

test("an error from a tracker cannot control the terminal", () => {
  assert.equal(print(new PanopticonError("internal", "bad\u001b]0;x\u0007 thing")).text, "bad thing\n");
});
