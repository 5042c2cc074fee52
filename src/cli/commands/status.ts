import type { Command } from "commander";
import type { OperationShape } from "../../server/contract/change.ts";
import type { Context } from "../context.ts";
import { count, describeDuration, groupDigits } from "../printing/describe-time.ts";
import { openReading } from "../reading/open-reading.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { noteMirrorAge } from "../reading/reading-notes.ts";
import { fetchHealth } from "../server/server-client.ts";
import { findServerFile } from "../server/running-server.ts";
import type { Paths } from "../../config/config.ts";
import { findSilentServer } from "../server/silent-server.ts";
import { printProblems } from "../printing/config-problems.ts";
import { sourceWords } from "../printing/source-words.ts";
import { printTrackers } from "../printing/tracker-table.ts";

export function define(command: Command, context: Context): void {
  command.option("--json", "as JSON").action(async (options: { json?: boolean }) => {
    const { out, paths } = context;
    const server = await findRunning(paths);
    // If the server does not respond, read the mirror directly.
    const reading = await openReading(context, { sync: false, beside: server !== null && server.uptime === null });
    try {
      const [{ trackers, problems }, { total, notMirrored }, { operations }] = await Promise.all([
        reading.trackers(),
        reading.mirrored(),
        reading.outbox(),
      ]);
      const outbox = countStates(operations);
      if (options.json) {
        out.json({ server, mirrored: total, notMirrored, outbox, trackers, problems });
        return;
      }
      out.sentences(describeServer(server));
      out.sentences(`${count(total, "issue")} mirrored${describeOutbox(outbox)}.\n`);
      printTrackers(context, trackers);
      const words = new Map(
        trackers.flatMap(({ sources }) => sources.map((source) => [source.id, sourceWords(source)])),
      );
      for (const note of notMirrored) {
        // A tracker that cannot count is marked as such; for errors, no number is expected.
        const uncounted = note.reason.includes("history in projects.yaml") ? " (unknown number)" : "";
        const amount = note.count === null ? uncounted : ` (${groupDigits(note.count)})`;
        out.sentences(
          `Not mirrored, ${plainLine(words.get(note.source) ?? note.source)}${amount}: ${plainLine(note.reason)}`,
        );
      }
      printProblems(out, problems);
      noteMirrorAge(context, reading);
    } finally {
      await reading.close();
    }
  });
}

type Outbox = { readonly pending: number; readonly failed: number; readonly conflict: number };

function countStates(operations: readonly OperationShape[]): Outbox {
  const failed = operations.filter(({ state }) => state === "refused").length;
  const conflict = operations.filter(({ state }) => state === "conflict").length;
  return { pending: operations.length - failed - conflict, failed, conflict };
}

function describeOutbox({ pending, failed, conflict }: Outbox): string {
  const parts = [
    pending === 0 ? "" : `${count(pending, "change")} pending`,
    failed === 0 ? "" : `${groupDigits(failed)} refused`,
    conflict === 0 ? "" : `${groupDigits(conflict)} in conflict`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `; ${parts.join(", ")} (pan outbox)`;
}

type Running = {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
  /** In seconds; null: the server does not respond. */
  readonly uptime: number | null;
};

async function findRunning(paths: Paths): Promise<Running | null> {
  const server = findServerFile(paths.serverFile);
  if (server === null) return null;
  const { url, pid, version } = server;
  const health = await fetchHealth(url);
  if (health !== null) return { url, pid, ...health };
  return (await findSilentServer(paths)) === null ? null : { url, pid, version, uptime: null };
}

function describeServer(server: Running | null): string {
  if (server === null) return "The server is not running. Start it with pan up.";
  const { url, pid, version, uptime } = server;
  return uptime === null
    ? `The server at ${url} (process ${pid}, version ${version}) is running but not responding.`
    : `The server is running at ${url} (process ${pid}, version ${version}, up for ${describeDuration(uptime * 1000)}).`;
}
