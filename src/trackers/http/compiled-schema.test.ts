import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { Issue as GithubIssue } from "../github/schema.ts";
import { Issue as GitlabIssue } from "../gitlab/schema.ts";
import { Issue as JiraIssue } from "../jira/schema.ts";
import { Issue as LinearIssue } from "../linear/schema.ts";
import { Artifact } from "../rally/schema.ts";
import { compiledWhenUsed } from "./compiled-schema.ts";

const schemas = { GithubIssue, GitlabIssue, JiraIssue, LinearIssue, Artifact };

/** Values that a tracker may send instead of the expected one. */
const odd = fc.oneof(
  fc.constantFrom("2026-11-22T10:00:00.000Z", "opened", "", "7"),
  fc.constantFrom(7, 1.5, true, null, undefined),
  fc.constantFrom([], {}, ["7"], [{ id: 7, name: "bug" }], { id: "7", name: "Bug" }),
);

/** Values that a schema accepts. */
function right(schema: z.ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return fc.oneof(right(schema.unwrap() as z.ZodType), fc.constantFrom(null, undefined));
  }
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>);
    const unknown = { somethingNew: odd };
    return fc.record({ ...unknown, ...Object.fromEntries(fields.map(([name, field]) => [name, right(field)])) });
  }
  if (schema instanceof z.ZodArray) return fc.array(right(schema.element as z.ZodType), { maxLength: 2 });
  if (schema instanceof z.ZodUnion) return fc.oneof(...schema.options.map((one) => right(one as z.ZodType)));
  if (schema instanceof z.ZodNumber) return fc.constantFrom(0, 7, -1);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodString) return fc.string();
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodPipe) return fc.constantFrom("2026-11-22T10:00:00.000Z");
  return odd;
}

/** Records of a schema, some of them with one field wrong or missing. */
function records(schema: z.ZodType): fc.Arbitrary<unknown> {
  return fc.tuple(right(schema), fc.option(fc.tuple(fc.nat(), odd))).map(([record, change]) => {
    if (change === null || typeof record !== "object" || record === null) return record;
    const objects = [record, ...Object.values(record).filter((inner) => typeof inner === "object" && inner !== null)];
    const target = objects[change[0] % objects.length] as object;
    const names = Object.keys(target);
    Reflect.set(target, names[change[0] % Math.max(1, names.length)] ?? "id", change[1]);
    return record;
  });
}

test("compiles a schema once it has been used often", () => {
  const schema = z.object({ id: z.string() });
  const used = Array.from({ length: 4 }, () => compiledWhenUsed(schema, 3));
  assert.equal(used[0], schema);
  assert.equal(used[1], schema);
  assert.notEqual(used[2], schema);
  assert.equal(used[3], used[2], "once");
});

for (const [name, schema] of Object.entries(schemas)) {
  test(`${name}: the compiled schema accepts and rejects the same records as the original`, () => {
    const compiled = compiledWhenUsed<unknown>(schema, 1);
    let [read, refused] = [0, 0];
    fc.assert(
      fc.property(records(schema), (record) => {
        const [plain, fast] = [schema.safeParse(record), compiled.safeParse(record)];
        assert.deepEqual(fast.success, plain.success);
        if (plain.success) assert.deepEqual(fast.data, plain.data);
        else assert.deepEqual(fast.error?.issues, plain.error.issues);
        if (plain.success) read += 1;
        else refused += 1;
      }),
      { numRuns: 1000 },
    );
    assert.ok(read > 100 && refused > 100, `${read} read, ${refused} refused`);
  });
}
