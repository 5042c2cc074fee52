import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { testClocks } from "./clocks.ts";
import { testContents } from "./contents.ts";
import { testCredentials } from "./credentials.ts";
import { testFiles } from "./files.ts";
import { testIncrements } from "./increments.ts";
import { testPull } from "./pull.ts";
import type { Register } from "./register.ts";
import { testRequests } from "./requests.ts";
import type { Subject } from "./stage.ts";
import { testTrouble } from "./trouble.ts";
import { testVanishing } from "./vanishing.ts";
import { testWebhooks } from "./webhooks.ts";
import { testWords } from "./words.ts";
import { testWriting } from "./writing.ts";

const topics: Readonly<Record<string, (it: Register, subject: Subject) => void>> = {
  credentials: testCredentials,
  "words and workflow": testWords,
  "first run": testPull,
  increments: testIncrements,
  clocks: testClocks,
  "what vanishes": testVanishing,
  contents: testContents,
  files: testFiles,
  trouble: testTrouble,
  requests: testRequests,
  webhooks: testWebhooks,
  writing: testWriting,
};

/** Tests everything that a tracker's adapter must do, against its emulator. */
export function testTracker(subject: Subject): void {
  describe(subject.label ?? subject.definition.label, () => {
    const names = new Set<string>();
    for (const [topic, register] of Object.entries(topics)) {
      describe(topic, () => {
        register((name, test) => {
          names.add(name);
          const reason = subject.skips[name];
          if (reason === undefined) void it(name, test);
          else void it(name, { skip: reason }, test);
        }, subject);
      });
    }
    void it("skips only existing tests", () => {
      for (const name of Object.keys(subject.skips))
        assert.ok(names.has(name), `no test of the suite is called "${name}"`);
    });
  });
}
