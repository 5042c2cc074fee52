import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { rallyRefs } from "./refs.ts";

/** A workspace configures the prefixes of its types. */
const prefix = fc.oneof(fc.constantFrom("US", "DE", "TA", "F", "I", "E", "STORY"), fc.stringMatching(/^[A-Z]{1,8}$/));
const number = fc.integer({ min: 1, max: 99_999_999 });

it("parses what it formats, whatever the workspace's prefixes", () => {
  fc.assert(
    fc.property(prefix, number, (letters, digits) => {
      const key = `${letters}${digits}`;
      const text = rallyRefs.format({ prefix: "", key });
      for (const written of [text, text.toLowerCase(), ` ${text} `]) {
        assert.deepEqual(rallyRefs.parse(written), { key, prefix: null, sourceKey: null, host: null });
      }
    }),
  );
});

it("parses the URLs of detail pages, which contain the ObjectID", () => {
  fc.assert(
    fc.property(fc.constantFrom("userstory", "defect", "task", "portfolioitem/feature"), number, (type, oid) => {
      for (const rest of [
        `#/detail/${type}/${oid}`,
        `#/detail/${type}/${oid}/discussion`,
        `#/67890d/detail/${type}/${oid}?fdp=true`,
        `#/67890ud/custom/1?detail=%2F${encodeURIComponent(type)}%2F${oid}`,
        `#/?detail=/${type}/${oid}&fdp=true`,
        `slm/rally.sp#/67890d/detail/${type}/${oid}`,
      ]) {
        const address = `https://Rally1.RallyDev.com/${rest}`;
        assert.deepEqual(
          rallyRefs.parse(address),
          { key: "", nativeId: String(oid), prefix: null, sourceKey: null, host: "rally1.rallydev.com" },
          address,
        );
      }
    }),
    { numRuns: 50 },
  );
});

it("ignores what is not an item", () => {
  for (const text of [
    "",
    "US",
    "US0",
    "US012",
    "1234",
    "MIN-123",
    "app#4",
    "app!4",
    "US12 x",
    "https://rally1.rallydev.com/#/67890d/dashboard",
    "https://rally1.rallydev.com/#/12345/iterationstatus",
    "https://github.com/o/r/issues/12",
  ]) {
    assert.equal(rallyRefs.parse(text), null, text);
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parsed = rallyRefs.parse(text);
      assert.ok(parsed === null || /^[A-Z]+[1-9]\d*$/.test(parsed.key) || parsed.nativeId !== undefined);
    }),
  );
});
