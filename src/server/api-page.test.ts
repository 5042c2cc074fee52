import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import { errorCodes, PanopticonError } from "../domain/error.ts";
import { filterKeys } from "../domain/filter.ts";
import { serverEventNames } from "./contract/event.ts";
import { toProblem } from "./problem.ts";

// docs/api.md must match the OpenAPI document and the code. `UPDATE_DOCS=1` regenerates the tables.
const file = join(import.meta.dirname, "../../docs/api.md");

type Operation = {
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[];
};

let harness: ServerHarness;
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;

before(async () => {
  harness = await startServerHarness();
  ({ paths } = (await harness.send("/api/openapi.json")).json() as { paths: typeof paths });
});
after(() => harness.close());

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

function assertTable(name: string, expected: string): void {
  const page = readFileSync(file, "utf8");
  const pattern = new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)\n<!-- /${name} -->`);
  const found = pattern.exec(page)?.[1];
  assert.ok(found !== undefined, `docs/api.md has a place for the ${name}`);
  if (process.env["UPDATE_DOCS"] === "1" && found !== expected) {
    writeFileSync(
      file,
      page.replace(pattern, () => `<!-- ${name} -->\n${expected}\n<!-- /${name} -->`),
    );
    return;
  }
  assert.equal(found, expected, "run this test with UPDATE_DOCS=1");
}

test("lists every call with its summary", () => {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary }]) => [`\`${method.toUpperCase()} ${path}\``, summary]),
  );
  assertTable("calls", table(["call", "does"], rows));
});

test("lists every filter", () => {
  const known = paths["/api/issues"]?.["get"]?.parameters ?? [];
  const rows = filterKeys.map((key) => [`\`${key}\``, known.find(({ name }) => name === key)?.description ?? ""]);
  assert.ok(rows.every(([, description]) => description !== ""));
  assertTable("filters", table(["word", "takes"], rows));
});

test("lists every event", () => {
  const [, section = ""] = readFileSync(file, "utf8").split("\n## Events\n");
  const named = [...(section.split("\n## ")[0] ?? "").matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(named, serverEventNames);
});

test("lists every error code with its status", () => {
  const rows = errorCodes.map((code) => {
    const { status, title } = toProblem(new PanopticonError(code, "x"));
    return [`\`${code}\``, String(status), title];
  });
  assertTable("errors", table(["code", "status", "title"], rows));
});
