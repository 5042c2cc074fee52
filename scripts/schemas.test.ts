import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { jsonSchemas } from "../src/config/json-schemas.ts";
import { trackers } from "../src/trackers/registry.ts";

const root = join(import.meta.dirname, "..");
const read = (name: string) => JSON.parse(readFileSync(join(root, "schemas", name), "utf8")) as object;

for (const [name, schema] of Object.entries(jsonSchemas(trackers))) {
  test(`schemas/${name} matches the configuration's parser (node scripts/schemas.ts writes it)`, () => {
    assert.deepEqual(read(name), JSON.parse(JSON.stringify(schema)));
  });
}

test("the documentation's examples are valid", () => {
  const ajv = new Ajv({ allowUnionTypes: true });
  addFormats.default(ajv);
  const pages = ["configuration.md", "agents.md"].map((page) => readFileSync(join(root, "docs", page), "utf8"));
  const examples = pages.flatMap((page) => page.match(/(?<=```yaml\n)[^`]+/g) ?? []);
  const schemas = ["projects.schema.json", "config.schema.json"].map((name) => ajv.compile(read(name)));
  assert.equal(examples.length, 4);
  for (const [index, example] of examples.entries()) {
    const validate = schemas[index % 2];
    assert.ok(validate?.(parse(example)), `${example}\n${JSON.stringify(validate?.errors)}`);
  }
});
