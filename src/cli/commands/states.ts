import type { Command } from "commander";
import { statusLabels } from "../../domain/status.ts";
import type { ProjectStatesShape } from "../../server/contract/project.ts";
import type { Context } from "../context.ts";
import { printProblems } from "../printing/config-problems.ts";
import { openReading } from "../reading/open-reading.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { noteMirrorAge } from "../reading/reading-notes.ts";
import { sourceWords } from "../printing/source-words.ts";
import { statusStyles } from "../printing/status-style.ts";
import { printTable } from "../printing/table.ts";

type Source = ProjectStatesShape["sources"][number];

export function define(command: Command, context: Context): void {
  command
    .description(
      "Shows how each source's workflow maps to the six statuses: what was detected, and what projects.yaml sets under states.",
    )
    .argument("<project>", "its id")
    .option("--json", "as JSON: {project, states, sources}")
    .action(async (id: string, options: { json?: boolean }) => {
      const { out } = context;
      const reading = await openReading(context, { sync: false });
      try {
        printProblems(out, await reading.problems());
        const states = await reading.states(id);
        if (options.json) {
          out.json(states);
          return;
        }
        const rows = states.sources.flatMap((source) => rowsOf(source));
        printTable(
          out,
          [
            { title: "SOURCE", shrink: 1, least: 12 },
            { title: "STATUS" },
            { title: "STATES", shrink: 2, least: 12, wraps: true },
            { title: "BECAUSE" },
          ],
          rows,
        );
        for (const source of states.sources) {
          if (!source.described) out.note(`${plainLine(source.name)} has not been read yet. Fetch it with pan sync.`);
        }
        noteMirrorAge(context, reading);
      } finally {
        await reading.close();
      }
    });
}

function rowsOf(source: Source) {
  if (!source.described) return [];
  return source.statuses.map(({ status, reads }) => [
    { text: plainLine(sourceWords(source)) },
    { text: statusLabels[status], style: statusStyles[status] },
    { text: plainLine(describeReads(reads)) },
    {
      text: reads.length === 0 ? "nothing" : reads.some(({ origin }) => origin === "set") ? "set" : "detected",
      style: "dim" as const,
    },
  ]);
}

/** `Backlog, Todo; only read: Triage`: those that issues are moved to, then those that no move leads to. */
function describeReads(reads: Source["statuses"][number]["reads"]): string {
  const moved = readWords(reads.filter(({ outward }) => outward));
  const onlyRead = readWords(reads.filter(({ outward }) => !outward));
  return [moved, ...(onlyRead === "" ? [] : [`only read: ${onlyRead}`])].filter((words) => words !== "").join("; ");
}

/** The states that map to a status, each name once; `Open + planning` for one with a label, `label: planning` if the label decides for several states. */
function readWords(reads: Source["statuses"][number]["reads"]): string {
  const labels = new Map<string, string[]>();
  for (const { state, label } of reads) {
    if (label !== null) labels.set(label, [...(labels.get(label) ?? []), state]);
  }
  const alone = reads.flatMap(({ state, label }) => (label === null ? [state] : []));
  const labelled = [...labels].map(([label, [state, ...others]]) =>
    others.length === 0 ? `${state} + ${label}` : `label: ${label}`,
  );
  return [...new Set([...alone, ...labelled])].join(", ");
}
