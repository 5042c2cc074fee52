import assert from "node:assert/strict";
import { test } from "node:test";
import { at, callsOf, read, refused, startChangeHarness } from "../../test/support/change-calls.ts";
import { alpha } from "../../test/support/test-trackers.ts";
import type { SourceFormShape } from "./contract/change.ts";
import type { TrackersShape } from "./contract/tracker.ts";

test("a tracker without labels says so, offers none, and refuses them at once", async (t) => {
  const capabilities = { ...alpha.capabilities, labels: false };
  const harness = await startChangeHarness({ ...alpha, capabilities });
  t.after(() => harness.close());
  const { ask, detail } = callsOf(() => harness);
  const { source, labels } = await detail("app#1");
  const { trackers } = read<TrackersShape>(await ask("GET", "/api/trackers"));
  assert.deepEqual(
    trackers.map(({ id, capabilities: able }) => [id, able["labels"]]),
    [
      ["alpha", false],
      ["beta", true],
    ],
  );
  const form = read<SourceFormShape>(await ask("GET", `/api/form?source=${encodeURIComponent(source)}`));
  assert.ok(form.types.length > 0 && form.types.every(({ has }) => has.includes("title") && !has.includes("labels")));
  const edit = refused(await ask("PATCH", at("app#1"), { addLabels: ["planning"] }), 422, "unsupported");
  assert.equal(edit.field, "addLabels");
  const draft = { project: "app", source, title: "New", labels: ["planning"] };
  assert.equal(refused(await ask("POST", "/api/issues", draft), 422, "unsupported").field, "labels");
  assert.deepEqual((await detail("app#1")).labels, labels);
  read(await ask("PATCH", at("app#1"), { title: "Still changed" }));
});
