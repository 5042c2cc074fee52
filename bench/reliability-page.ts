import { readFileSync, writeFileSync } from "node:fs";
import { emulatedTrackers } from "../emulators/start.ts";
import { trackers } from "../src/trackers/registry.ts";
import type { Row } from "./measure.ts";

const prefix = "fault: ";

/** Replaces the tables between two markers in docs/reliability.md; the text around them is written by hand. */
export function writeReliability(path: string, rows: readonly Row[], stamp: string): void {
  const faults = rows.filter(({ what }) => what.startsWith(prefix));
  const figures = rows.filter(({ what }) => !what.startsWith(prefix));
  const ids = trackers.map(({ id }) => id).filter((id) => emulatedTrackers.includes(id));
  const labels = trackers.filter(({ id }) => ids.includes(id)).map(({ label }) => label);
  const tables = [
    `| fault | ${labels.join(" | ")} |`,
    `|---|${labels.map(() => "---").join("|")}|`,
    ...faults.map((row) => `| ${row.what.slice(prefix.length)} | ${ids.map((id) => cell(row, id)).join(" | ")} |`),
    "",
    "| what | measured | must | |",
    "|---|---|---|---|",
    ...figures.map((row) => `| ${row.what} | ${row.measured} | ${row.must} | ${row.ok ? "holds" : "**missed**"} |`),
  ].join("\n");
  const next = readFileSync(path, "utf8").replace(
    /<!-- measured -->[\s\S]*<!-- \/measured -->/,
    () => `<!-- measured -->\n${stamp}\n\n${tables}\n<!-- /measured -->`,
  );
  writeFileSync(path, next);
}

function cell(row: Row, tracker: string): string {
  const found = row.data[tracker];
  if (!Array.isArray(found)) return "–";
  const [held = 0, runs = 0] = found as readonly number[];
  return held === runs ? `${held} of ${runs}` : `**${held} of ${runs}**`;
}
