import assert from "node:assert/strict";
import { test } from "node:test";
import { startServerHarness } from "../../test/support/server-harness.ts";
import { makeSource, mapping, vocabulary } from "../../test/support/store-fixtures.ts";
import { testProjects } from "../../test/support/test-config.ts";
import { withRepeats } from "../../web/src/api/repeated-states.ts";
import { ProjectStatesShape } from "./contract/project.ts";

test("the workflow that many sources share is sent once if asked, and is complete otherwise", async (t) => {
  const [first] = testProjects;
  assert.ok(first);
  const sources = Array.from({ length: 200 }, (_, index) =>
    makeSource(`acme/app${index}`, {
      id: `alpha:acme/app${index}`,
      tracker: "alpha",
      connection: "alpha",
      project: first.id,
    }),
  );
  const harness = await startServerHarness({
    projects: [{ ...first, sources }],
    async prepare(store) {
      for (const { id, config } of await store.sources.list()) {
        const { key } = config;
        const info = { id: key, key, name: key, url: `https://alpha.example/${key}`, readable: true, reason: null };
        const own = key === "acme/app9" ? { ...vocabulary, labels: vocabulary.labels.slice(1) } : vocabulary;
        // The last one was not read yet.
        if (key !== "acme/app199") await store.sources.saveSchema(id, { info, vocabulary: own, mapping, at: 1 });
      }
    },
  });
  t.after(() => harness.close());
  const path = `/api/projects/${first.id}/states`;
  const [whole, brief] = [await harness.ask(path), await harness.ask(`${path}?repeats=omit`)];
  const full = ProjectStatesShape.parse(whole.json());
  assert.ok(
    full.sources.slice(0, 199).every(({ nativeStates, statuses }) => nativeStates.length > 0 && statuses.length === 6),
  );
  const others = full.sources.filter(({ sameAs }) => sameAs === null).map(({ id }) => id);
  assert.deepEqual(others, ["alpha:acme/app0", "alpha:acme/app9", "alpha:acme/app199"]);
  assert.ok(brief.text.length * 5 < whole.text.length, `${brief.text.length} of ${whole.text.length} bytes`);
  assert.deepEqual(withRepeats(ProjectStatesShape.parse(brief.json())), full, "the dashboard has all of it");
  assert.equal((await harness.ask(`${path}?repeats=other`)).status, 400);
});
