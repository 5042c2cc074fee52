import assert from "node:assert/strict";
import { test } from "node:test";
import { makePanHome, type PanHome } from "../../src/cli/fixture.ts";
import { type ErrorCode, PanopticonError } from "../../src/domain/error.ts";
import { writeServerFile } from "../../src/server/server-file.ts";
import { after, before } from "../support/hooks.ts";
import { type ServerHarness, startServerHarness } from "../support/server-harness.ts";

// Errors behind the API reach the command line unchanged: over HTTP, in the same words, with the documented exit code.

/** 1 failed, 2 wrong usage, 3 not found, 4 not authorized, 5 conflict. */
const exitCodes: Readonly<Record<ErrorCode, number>> = {
  auth: 4,
  forbidden: 4,
  not_found: 3,
  gone: 3,
  rate_limited: 1,
  conflict: 5,
  choice_needed: 5,
  invalid_input: 2,
  invalid_response: 1,
  unreachable: 1,
  timeout: 1,
  unsupported: 1,
  busy: 1,
  internal: 1,
};

let harness: ServerHarness;
let home: PanHome;

before(async () => {
  harness = await startServerHarness();
  home = makePanHome();
  const { url, token } = harness;
  await writeServerFile(home.paths.serverFile, { pid: process.pid, url, token, version: "1.2.3" });
});
after(async () => {
  await home[Symbol.asyncDispose]();
  await harness.close();
});

for (const [code, exitCode] of Object.entries(exitCodes) as [ErrorCode, number][]) {
  for (const tracker of [undefined, "alpha"]) {
    test(`${code}${tracker === undefined ? "" : " of a tracker"} ends a command with ${exitCode}, in the words that were thrown`, async () => {
      harness.sync.answers.syncNow = () =>
        Promise.reject(new PanopticonError(code, `This is ${code}.`, { hint: "Do this about it.", tracker }));
      const { code: ended, stderr } = await home.here(["sync"]);
      assert.deepEqual([ended, stderr], [exitCode, `This is ${code}.\nDo this about it.\n`]);
    });
  }
}
