import assert from "node:assert/strict";
import type { Finished } from "../../src/cli/fixture.ts";

/** A command's JSON output; fails if the command did not succeed. */
export function parse<T>({ code, stdout, stderr }: Finished): T {
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as T;
}

/** Asserts that a command ended with this exit code and this text on standard error, without a stack. */
export function fails(result: Finished, code: number, stderr: RegExp): void {
  assert.equal(result.code, code, `${result.stdout}${result.stderr}`);
  assert.match(result.stderr, stderr);
  assert.doesNotMatch(result.stderr, /\n\s+at /, "a stack is printed");
}
