// `node scripts/schemas.ts` generates schemas/*.json, for editors, from the schemas that parse the configuration files.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jsonSchemas } from "../src/config/json-schemas.ts";
import { trackers } from "../src/trackers/registry.ts";

const folder = join(import.meta.dirname, "..", "schemas");
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(jsonSchemas(trackers))) {
  writeFileSync(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
}
