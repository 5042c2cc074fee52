import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Command } from "commander";
import { parse } from "yaml";
import { commandTable } from "../src/cli/command-table.ts";
import type { Context } from "../src/cli/context.ts";
import { makeHome } from "../src/config/fixture.ts";
import { trackers } from "../src/trackers/registry.ts";
import type { TrackerDefinition } from "../src/trackers/tracker.ts";

// Checks the documentation against the code. `UPDATE_DOCS=1` regenerates the table of docs/trackers.md.

const root = join(import.meta.dirname, "..");
const pages = ["README.md", "CONTRIBUTING.md", ...globSync("docs/*.md", { cwd: root })].toSorted();
const read = (page: string) => readFileSync(join(root, page), "utf8");

/** The fenced code blocks of a language. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, inner = ""]) => inner);
}

/** pan command lines, from code blocks and between backticks, split into words as a shell would. */
function commandLines(text: string): string[][] {
  const lines = [
    ...blocks(text, "sh").flatMap((block) => block.replaceAll("\\\n", " ").split("\n")),
    ...[...text.matchAll(/`([^`\n]+)`/g)].map(([, inner = ""]) => inner),
  ];
  return lines.flatMap((line) => {
    const found = /^(?:[A-Z_]+=\S+ )*(?:\$ )?(?:npm run pan -- |pan )(.*)$/.exec(line.trim());
    return found?.[1] === undefined ? [] : [words(found[1])];
  });
}

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(#.*$)|([^\s"']+)/g)].flatMap(([, double, single, comment, bare]) =>
    comment === undefined ? [double ?? single ?? bare ?? ""] : [],
  );
}

/** The command of a line, defined but never run. */
async function findCommand(line: readonly string[]): Promise<{ command: Command; rest: string[] }> {
  const [name = "", ...more] = line;
  const entry = commandTable.find((one) => one.name === name);
  assert.ok(entry, `there is no command called ${name}`);
  let command = new Command("pan").command(name);
  const out = { json() {}, line() {}, note() {}, status() {}, width: 80 };
  (await entry.load()).define(command, { out, env: {}, paths: {}, clock: { now: () => 0 } } as unknown as Context);
  let rest = more;
  for (;;) {
    const below = command.commands.find((one) => one.name() === rest[0]);
    if (below === undefined) return { command, rest };
    command = below;
    rest = rest.slice(1);
  }
}

for (const page of pages) {
  test(`${page}: its commands and options exist`, async () => {
    for (const line of commandLines(read(page))) {
      const what = `pan ${line.join(" ")}`;
      if (["--help", "--version", "ARGUMENTS", "COMMAND"].includes(line[0] ?? "")) continue;
      const { command, rest } = await findCommand(line).catch((error: unknown) => {
        throw new Error(`${page}: ${what}: ${String(error)}`);
      });
      const known = command.options.flatMap(({ long, short }) => [long, short]);
      for (const [index, word] of rest.entries()) {
        const option = /^--?[a-z][\w-]*/i.exec(word)?.[0];
        // The value of an option may start with a dash: `--sort -updated`.
        const before = rest[index - 1] ?? "";
        const isValue = command.options.some(({ long, required }) => required && long === before);
        if (option === undefined || option === "--help" || isValue) continue;
        assert.ok(known.includes(option), `${page}: ${what}: there is no ${option}`);
      }
      // Usage lines contain `[options]` and `<ref>`.
      const given = rest.filter((word) => !/^[-<[]/.test(word));
      if (command.commands.length > 0 && command.registeredArguments.length === 0) {
        assert.equal(given.length, 0, `${page}: ${what}: there is no command below it called ${given[0]}`);
      }
    }
  });

  test(`${page}: its links resolve`, () => {
    for (const [, target = ""] of read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      assert.ok(existsSync(join(root, dirname(page), target)), `${page} links to ${target}`);
    }
  });

  test(`${page}: the files it names exist`, () => {
    for (const [, file = ""] of read(page).matchAll(/`((?:bench|emulators|scripts|src|test|web)\/[\w./-]+\.tsx?)`/g))
      assert.ok(existsSync(join(root, file)), `${page} names ${file}`);
  });

  test(`${page}: the scripts it names exist`, () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    for (const [, name = ""] of read(page).matchAll(/npm run ([a-z:]+)/g)) {
      assert.ok(Object.hasOwn(scripts, name), `${page} names npm run ${name}`);
    }
  });

  test(`${page}: its configuration examples are valid`, async () => {
    for (const block of blocks(read(page), "yaml")) {
      using home = makeHome({ WORK_GITHUB_TOKEN: "one", GHE_TOKEN: "two", GITHUB_TOKEN: "three" });
      const keys = Object.keys(parse(block) as object);
      home.write(keys.some((key) => key === "projects" || key === "dispatch") ? "projects" : "config", block);
      const { problems } = await home.read({ trackers });
      // Other machines lack the example folders, and a block alone lacks the connections of another one.
      const serious = problems.filter(({ message }) => !/folder not found|there is no connection/i.test(message));
      assert.deepEqual(serious, [], `${page}: ${block}`);
    }
    for (const block of blocks(read(page), "json")) JSON.parse(block);
  });

  test(`${page}: the environment keys it names are real`, () => {
    const known = new Set(trackers.flatMap(({ credentialFields }) => credentialFields.flatMap(({ env }) => env)));
    const families = new Set([...known].map((key) => key.split("_")[0]));
    for (const [key, family] of read(page).matchAll(/\b([A-Z]+)_[A-Z_]+\b/g)) {
      assert.ok(!families.has(family) || known.has(key) || key.endsWith("_"), `${page} names ${key}`);
    }
  });
}

/** Hand-written text on each tracker, besides its own README: a row in a table of each of these pages, and a mention on the first one. */
for (const { id, label, credentialFields } of trackers) {
  test(`the hand-written pages have their rows for ${label}`, () => {
    const rows = ["docs/configuration.md", "docs/refs-and-states.md", "docs/trackers.md", "docs/webhooks.md"];
    const lacking = rows.filter((page) => !read(page).includes(`\n| ${label} |`));
    assert.deepEqual(
      lacking,
      [],
      `pages without a row that begins with "| ${label} |": docs/adding-a-tracker.md, "Step by step"`,
    );
    for (const key of credentialFields.flatMap(({ env }) => env))
      assert.ok(read("docs/configuration.md").includes(`\`${key}\``), `docs/configuration.md names ${key}`);
    assert.ok(
      read("docs/trackers.md").includes(`(../src/trackers/${id}/README.md)`),
      "docs/trackers.md leads to its README",
    );
    for (const page of ["README.md", "package.json"]) assert.ok(read(page).includes(label), `${page} names ${label}`);
  });
}

test("docs/trackers.md: the table matches what the trackers declare", () => {
  const page = "docs/trackers.md";
  const pattern = /<!-- capabilities -->\n([\s\S]*?)<!-- \/capabilities -->/;
  const table = `${capabilityTable()}\n`;
  const text = read(page);
  if (process.env["UPDATE_DOCS"] === "1") {
    writeFileSync(
      join(root, page),
      text.replace(pattern, () => `<!-- capabilities -->\n${table}<!-- /capabilities -->`),
    );
  } else assert.equal(pattern.exec(text)?.[1], table, "run this test with UPDATE_DOCS=1");
});

function capabilityTable(): string {
  const yes = (has: boolean) => (has ? "yes" : "–");
  const rows: readonly (readonly [string, (tracker: TrackerDefinition) => string])[] = [
    ["a source is a", ({ sourceNoun }) => sourceNoun.one],
    ["priority", ({ capabilities }) => yes(capabilities.priority)],
    ["estimate", ({ capabilities }) => yes(capabilities.estimate)],
    ["due date", ({ capabilities }) => yes(capabilities.dueDate)],
    ["cycle", ({ capabilities }) => yes(capabilities.cycles)],
    ["parent", ({ capabilities }) => yes(capabilities.parent)],
    ["comments", ({ capabilities }) => yes(capabilities.comments)],
    [
      "own comments can be",
      ({ writing }) =>
        [writing.comments.edit ? "edited" : "", writing.comments.delete ? "deleted" : ""].filter(Boolean).join(", ") ||
        "–",
    ],
    ["comments have threads", ({ writing }) => yes(writing.comments.reply)],
    ["attachments", ({ capabilities }) => yes(capabilities.attachments)],
    ["assignees", ({ writing }) => writing.assignees],
    [
      "relations it keeps itself",
      ({ writing }) => writing.relations.map((type) => type.replace("_", " ")).join(", ") || "–",
    ],
    ["type can be changed", ({ writing }) => yes(writing.type)],
    ["labels are made by using them", ({ writing }) => yes(writing.newLabels)],
    ["moves may ask for a choice", ({ writing }) => yes(writing.choices)],
    ["states can be made", ({ writing }) => yes(writing.newStates)],
    ["counts what is not mirrored", ({ capabilities }) => yes(capabilities.countsOutside)],
    ["keeps code: pull or merge requests", ({ codeHost }) => yes(codeHost !== undefined)],
  ];
  return [
    `| | ${trackers.map(({ label }) => label).join(" | ")} |`,
    `|---|${trackers.map(() => "---").join("|")}|`,
    ...rows.map(([what, of]) => `| ${what} | ${trackers.map(of).join(" | ")} |`),
  ].join("\n");
}
