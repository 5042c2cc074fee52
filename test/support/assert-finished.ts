import assert from "node:assert/strict";
import type { Finished } from "../../src/cli/fixture.ts";

/** What a command printed as JSON; fails where it did not end well. */
export function parse<T>({ code, stdout, stderr }: Finished): T {
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as T;
}

/** Asserts that a command ended with an exit code and these words on standard error, and with no stack. */
export function fails(result: Finished, code: number, stderr: RegExp): void {
  assert.equal(result.code, code, `${result.stdout}${result.stderr}`);
  assert.match(result.stderr, stderr);
  assert.doesNotMatch(result.stderr, /\n\s+at /, "a stack is printed");
}
