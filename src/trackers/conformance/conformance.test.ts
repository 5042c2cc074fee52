import assert from "node:assert/strict";
import { test } from "node:test";
import { trackers } from "../registry.ts";
import type { Subject } from "./stage.ts";
import { testTracker } from "./suite.ts";

const profiles: Readonly<Record<string, Omit<Subject, "definition">>> = {
  github: {
    pageSize: 100,
    states: { open: "open", closed: "closed" },
    isListRequest: ({ url }) => /\/issues\?.*sort=updated/.test(url),
    skips: {
      "reports what the tracker's own list marks as thrown away":
        "GitHub has no trash: a deleted issue leaves no trace in the list",
    },
  },
  linear: {
    pageSize: 250,
    states: { open: "Todo", closed: "Done" },
    isListRequest: ({ body }) => body.includes("query Issues("),
    skips: {},
  },
};

for (const definition of trackers) {
  const profile = profiles[definition.id];
  if (profile === undefined) {
    void test(`${definition.label} passes the conformance suite`, () => assert.fail("it has no profile in this file"));
  } else testTracker({ definition, ...profile });
}
