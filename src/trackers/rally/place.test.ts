import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parsePlace, toSourceKey } from "./place.ts";

describe("a workspace or project as users write it", () => {
  const rows: [string, "workspace" | "project", string | null, string | null][] = [
    ["12345", "workspace", "12345", null],
    ["67890", "project", null, "67890"],
    [" 67890 ", "project", null, "67890"],
    ["/workspace/12345", "workspace", "12345", null],
    ["workspace/12345", "workspace", "12345", null],
    ["/project/67890", "project", null, "67890"],
    ["12345/67890", "project", "12345", "67890"],
    ["https://rally1.rallydev.com/#/workspace/12345/project/67890", "workspace", "12345", "67890"],
    ["https://rally1.rallydev.com/#/workspace/12345/project/67890/dashboard?a=b", "project", "12345", "67890"],
    ["https://rally1.rallydev.com/slm/webservice/v2.0/project/67890", "project", null, "67890"],
    ["https://rally1.rallydev.com/slm/webservice/v2.0/workspace/12345", "workspace", "12345", null],
    ["https://eu1.rallydev.com/#/67890d/iterationstatus", "project", null, "67890"],
    ["https://rally1.rallydev.com/#/67890ud/custom/4", "project", null, "67890"],
    ["https://rally1.rallydev.com/#/67890/teamboard", "project", null, "67890"],
  ];
  for (const [text, kind, workspace, project] of rows) {
    it(`parses ${text}`, () => assert.deepEqual(parsePlace(text, kind), { workspace, project }));
  }

  it("rejects everything else", () => {
    for (const text of [
      "",
      "My Project",
      "/project/",
      "/project/abc",
      "https://rally1.rallydev.com/",
      "12345/",
      "../..",
      "1/2/3",
    ]) {
      assert.equal(parsePlace(text, "project"), null, text);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        const place = parsePlace(text, "project");
        assert.ok(place === null || /^\d+$/.test(`${place.workspace ?? ""}${place.project ?? ""}`));
      }),
    );
  });

  it("gives a source one key, however it was written", () => {
    const address = "https://rally1.rallydev.com/#/workspace/12345/project/67890";
    for (const [value, qualifier] of [
      ["67890", "12345"],
      ["/project/67890", "/workspace/12345"],
      [address, null],
      [address, "12345"],
      [null, address],
      ["12345/67890", null],
      ["67890", address],
    ] as const) {
      assert.equal(toSourceKey(value, qualifier), "12345/67890", `${value} in ${qualifier}`);
    }
    assert.equal(toSourceKey("67890", null), "67890");
    assert.equal(toSourceKey(null, "12345"), null);
    assert.equal(toSourceKey(null, null), null);
  });
});
