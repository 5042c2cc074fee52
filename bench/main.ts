// `npm run bench`: builds, and measures what docs/performance.md states. `-- --only NAME,NAME` runs some, `-- --list` names them.
// Must be the first import: it sets what the others start.
import "./built-pan.ts";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { agentsCase } from "./agents.ts";
import { boardCase } from "./board.ts";
import { browserCase } from "./browser.ts";
import { commandCase } from "./command.ts";
import { dropCase } from "./drop.ts";
import { echoCase } from "./echo.ts";
import { eventsCase } from "./events.ts";
import { faultsCase } from "./faults.ts";
import { interactionCase } from "./interaction.ts";
import type { Row } from "./measure.ts";
import { memoryCase } from "./memory.ts";
import { openCase } from "./open.ts";
import { patchCase } from "./patch.ts";
import { farFirstSyncCase, firstSyncCase } from "./peers/first-sync.ts";
import { ghCase } from "./peers/gh.ts";
import { hourCase } from "./peers/hour.ts";
import { writeReliability } from "./reliability-page.ts";
import { requestsCase } from "./requests.ts";
import { scrollCase } from "./scroll.ts";
import { sideBySideCase } from "./side-by-side.ts";
import { whileSyncingCase } from "./while-syncing.ts";
import { killsCase, simulationCase } from "./writes.ts";

const cases = [
  requestsCase,
  sideBySideCase,
  whileSyncingCase,
  boardCase,
  memoryCase,
  browserCase,
  openCase,
  interactionCase,
  scrollCase,
  dropCase,
  echoCase,
  commandCase,
  eventsCase,
  patchCase,
  agentsCase,
  firstSyncCase,
  farFirstSyncCase,
  ghCase,
  hourCase,
];
/** These take many minutes, or hours, so they run only when named. */
const longCases = [faultsCase, simulationCase, killsCase];
const root = join(import.meta.dirname, "..");

const { values } = parseArgs({ options: { only: { type: "string" }, list: { type: "boolean" } } });
if (values.list) {
  for (const { name, about } of [...cases, ...longCases]) console.log(`${name.padEnd(10)} ${about}`);
  process.exit(0);
}
const only = values.only?.split(",");
const unknown = only?.filter((name) => ![...cases, ...longCases].some((each) => each.name === name)) ?? [];
if (unknown.length > 0) {
  console.error(
    `No such measurement: ${unknown.join(", ")}. There are: ${[...cases, ...longCases].map((each) => each.name).join(", ")}.`,
  );
  process.exit(2);
}

// The bundle is measured, so build it first; an old one would be taken for the current code.
const built = spawnSync(process.execPath, [join(root, "scripts", "build.ts")], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(1);

const machine = `${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
const today = new Date().toISOString().slice(0, 10);
const rows: Row[] = [];
const chosen = only === undefined ? cases : [...cases, ...longCases].filter(({ name }) => only.includes(name));
for (const each of chosen) {
  console.log(`\n${each.name}: ${each.about}`);
  const found = await each.run((line) => console.log(`  ${line}`));
  rows.push(...found.map((row) => ({ ...row, of: each.name, on: today, machine })));
  for (const row of found)
    console.log(`${row.ok ? "ok    " : "MISSED"} ${row.what}: ${row.measured} (must: ${row.must})`);
}

mkdirSync(join(root, "bench", "results"), { recursive: true });
const file = join(root, "bench", "results", "latest.json");
const before = readResults(file);
// Rerunning a case replaces all of its earlier rows, because their names may have changed.
const again = new Set<string | undefined>(chosen.map(({ name }) => name));
const kept = before.filter((row) => !again.has(row.of) && !rows.some((now) => now.what === row.what));
// A row stays at its place in the tables, whichever cases were run.
const order = [...cases, ...longCases].map(({ name }): string | undefined => name);
const merged = [...kept, ...rows].toSorted((a, b) => order.indexOf(a.of) - order.indexOf(b.of));
writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), machine, rows: merged }, null, 2)}\n`);
const [performance, reliability] = [undefined, "reliability"].map((page) => ({
  isNew: rows.some((row) => row.page === page),
  rows: merged.filter((row) => row.page === page),
}));
if (performance?.isNew === true) writeSummary(performance.rows, toStamp(performance.rows));
if (reliability?.isNew === true) {
  writeReliability(join(root, "docs", "reliability.md"), reliability.rows, toStamp(reliability.rows));
}
if (rows.some((row) => !row.ok)) process.exitCode = 1;

/** When and where the rows of a page were measured. */
function toStamp(all: readonly Row[]): string {
  const days = all.flatMap(({ on }) => on ?? []).toSorted();
  const machines = [...new Set(all.flatMap((row) => row.machine ?? []))];
  const [first, last] = [days[0], days.at(-1)];
  return `Measured ${first === last ? `on ${last}` : `from ${first} to ${last}`}: ${machines.join("; ")}.`;
}

function readResults(path: string): Row[] {
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { rows: Row[] }).rows;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Replaces the table between two markers in docs/performance.md; the text around it is written by hand. */
function writeSummary(all: readonly Row[], measured: string): void {
  const path = join(root, "docs", "performance.md");
  const text = readFileSync(path, "utf8");
  const table = [
    "| what | measured | must | |",
    "|---|---|---|---|",
    ...all.map((row) => `| ${row.what} | ${row.measured} | ${row.must} | ${row.ok ? "holds" : "**missed**"} |`),
  ].join("\n");
  const next = text.replace(
    /<!-- measured -->[\s\S]*<!-- \/measured -->/,
    `<!-- measured -->\n${measured}\n\n${table}\n<!-- /measured -->`,
  );
  writeFileSync(path, next);
}
