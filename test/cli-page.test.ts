import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Argument, Command, type Option } from "commander";
import { commandTable } from "../src/cli/command-table.ts";
import type { Context } from "../src/cli/context.ts";
import { examples } from "../src/cli/examples.ts";

// docs/cli.md is generated from the commands. `UPDATE_DOCS=1` regenerates it.

const file = join(import.meta.dirname, "../docs/cli.md");
const out = { json() {}, line() {}, note() {}, status() {}, width: 80 };
const context = { out, env: {}, paths: {}, clock: { now: () => 0 } } as unknown as Context;

/** For programs, not for people. */
const internal = new Set(["agent scripted", "completion words"]);

const sentence = (text: string) => {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.:!?]$/.test(whole) ? whole : `${whole}.`;
};
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "\\<");

/** Describes an option or argument, with its choices unless the description names them, and its default. */
function describe({ description, argChoices, defaultValue }: Option | Argument): string {
  const choices = (argChoices ?? []).filter((word) => !description.includes(word));
  const taken = choices.length === 0 ? "" : `: ${choices.join(", ")}`;
  const usual = typeof defaultValue === "string" ? ` (default: ${defaultValue})` : "";
  return cell(`${description}${taken}${usual}`);
}

type Described = { readonly path: string; readonly command: Command; readonly summary: string };

async function describeAll(): Promise<Described[]> {
  const all: Described[] = [];
  const add = (command: Command, path: string, summary: string): void => {
    if (internal.has(path)) return;
    all.push({ path, command, summary });
    for (const below of command.commands) add(below, `${path} ${below.name()}`, below.description() || below.summary());
  };
  for (const { name, summary, load } of commandTable) {
    const command = new Command("pan").command(name);
    (await load()).define(command, context);
    add(command, name, command.description() || summary);
  }
  return all;
}

function toSection({ path, command, summary }: Described): string {
  const isGroup = command.commands.length > 0 && examples[path] === undefined;
  const words = command.registeredArguments.map((one) => {
    const name = `${one.name()}${one.variadic ? "…" : ""}`;
    return one.required ? `<${name}>` : `[${name}]`;
  });
  const usage = ["pan", path, ...words, ...(command.options.length > 0 ? ["[options]"] : [])].join(" ");
  const described = command.registeredArguments.filter(({ description }) => description !== "");
  const taken = described.map((one) => `| \`${one.name()}\` | ${describe(one)} |`);
  const options = command.options.map((one) => `| \`${one.flags}\` | ${describe(one)} |`);
  return [
    `${path.includes(" ") ? "###" : "##"} pan ${path}`,
    sentence(summary),
    ...(isGroup ? [] : [`\`${usage}\``]),
    ...(isGroup || taken.length === 0 ? [] : [["| argument | |", "|---|---|", ...taken].join("\n")]),
    ...(options.length > 0 ? [["| option | |", "|---|---|", ...options].join("\n")] : []),
    ...(examples[path] === undefined ? [] : [["```sh", ...examples[path], "```"].join("\n")]),
  ].join("\n\n");
}

const preface = `# Commands

\`pan COMMAND --help\` prints the same text. Listings take \`--json\`, with the shapes of [api.md](api.md); output to a pipe is plain. Commands that read or change issues also work
without a server. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not authorized, 5 conflict, 130 interrupted. \`PANOPTICON_HOME=/x\` uses the files below \`/x\`. \`DEBUG=github\` (or another
tracker, \`sync\`, \`*\`) logs the requests, with secrets masked.`;

test("the page has every command with its arguments, options and an example", async () => {
  const all = await describeAll();
  for (const { path, command } of all) {
    if (command.commands.length > 0 && path !== "outbox" && path !== "trackers") continue;
    assert.ok(examples[path] !== undefined, `src/cli/examples.ts has an example of pan ${path}`);
  }
  for (const path of Object.keys(examples))
    assert.ok(
      all.some((one) => one.path === path),
      `there is a command ${path}`,
    );
  const page = `${[preface, ...all.map(toSection)].join("\n\n")}\n`;
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(file, page);
  assert.equal(readFileSync(file, "utf8"), page, "run this test with UPDATE_DOCS=1");
});
