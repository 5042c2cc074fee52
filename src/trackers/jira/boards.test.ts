import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { setStage } from "../conformance/stage.ts";
import { jiraCloudSubject, jiraSubjects } from "./subject.ts";

const signal = new AbortController().signal;

async function describeProject(t: TestContext, key: string) {
  const { connection, emulator } = await setStage(t, jiraCloudSubject, { issues: 40, sources: 4 });
  const { id = null } = emulator.sources.find((one) => one.key === key) ?? {};
  const found = await connection.describe({ key, nativeId: id, historyMs: null }, {}, signal);
  return { names: found.vocabulary.cycles.map(({ name }) => name), warnings: found.warnings ?? [] };
}

describe("coming sprints", () => {
  for (const subject of jiraSubjects) {
    it(`are read from the scrum board, whatever other boards there are: ${subject.label}`, async (t) => {
      const { connection, source } = await setStage(t, subject, { issues: 20 });
      const { vocabulary, warnings } = await connection.describe(source, {}, signal);
      assert.deepEqual(
        vocabulary.cycles.map(({ name }) => name),
        ["BOOK Sprint 37", "BOOK Sprint 38"],
      );
      assert.deepEqual(warnings, []);
    });
  }

  it("are read from the board of a team-managed project", async (t) => {
    const { names, warnings } = await describeProject(t, "MOB");
    assert.deepEqual(names, ["MOB Sprint 37", "MOB Sprint 38"]);
    assert.deepEqual(warnings, []);
  });

  it("are empty, without a warning, if a team-managed project has disabled them", async (t) => {
    const { names, warnings } = await describeProject(t, "EDI");
    assert.deepEqual(names, []);
    assert.deepEqual(warnings, []);
  });
});
