import assert from "node:assert/strict";
import { test } from "node:test";
import { readDatabaseUrl } from "./database-url.ts";
import { makeHome } from "./fixture.ts";

const url = "postgres://u:p@h/d";
const cases: [
  what: string,
  parts: { env?: Record<string, string>; file?: string; config?: string },
  expected: string | null,
][] = [
  ["nothing", {}, null],
  ["the environment", { env: { DATABASE_URL: url }, config: "database: postgres://other/x\n" }, url],
  ["the environment file", { file: `DATABASE_URL=${url}\n` }, url],
  ["config.yaml", { config: `server: { port: 4000 }\ndatabase: ${url}\n` }, url],
  ["a variable in config.yaml", { config: "database: $PAN_DB\n", file: `PAN_DB=${url}\n` }, url],
  ["an unset variable", { config: "database: $PAN_DB\n" }, null],
  ["a config.yaml that is not YAML", { config: "database: {\n" }, null],
];

for (const [what, { env, file, config }, expected] of cases) {
  test(`finds the database where ${what} says, like the whole configuration`, async () => {
    using home = makeHome(env);
    if (file !== undefined) home.write("env", file);
    if (config !== undefined) home.write("config", config);
    assert.equal(await readDatabaseUrl(home.paths, home.env), expected);
    assert.equal((await home.read()).databaseUrl, expected);
  });
}
