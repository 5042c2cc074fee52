import type { Command } from "commander";
import type { Context } from "../context.ts";
import { describeProblem, printProblems } from "../printing/config-problems.ts";
import { count } from "../printing/describe-time.ts";
import { openReading } from "../reading/open-reading.ts";
import { plainLine, plainText } from "../../domain/plain-text.ts";
import { noteMirrorAge } from "../reading/reading-notes.ts";
import { missingCredentials } from "../../sync/connection/missing-credentials.ts";
import { printTrackers } from "../printing/tracker-table.ts";
import { unknownTracker } from "../unknown-tracker.ts";

export function define(command: Command, context: Context): void {
  command
    .option("--json", "as JSON")
    .option("--sync", "sync with the trackers first")
    .action(async (options: { json?: boolean; sync?: boolean }) => {
      const reading = await openReading(context, { sync: options.sync ?? false });
      try {
        const list = await reading.trackers();
        if (options.json) {
          context.out.json(list);
        } else {
          printTrackers(context, list.trackers);
          printProblems(context.out, list.problems);
        }
        noteMirrorAge(context, reading, options);
      } finally {
        await reading.close();
      }
    });
  command
    .command("test")
    .summary("test the stored credentials of a tracker")
    .description("Tests a tracker's stored credentials, and shows whose they are and what they can see.")
    .argument("<tracker>", "a tracker, or a connection named in config.yaml")
    .option("--json", "as JSON")
    .action(async (name: string, _own: unknown, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      await testConnection(context, name, json ?? false);
    });
}

async function testConnection(context: Context, name: string, json: boolean): Promise<void> {
  const { out, clock, version, setExitCode } = context;
  const [{ loadConfig }, { validateCredentials }, { trackers }] = await Promise.all([
    import("../load-config.ts"),
    import("../../trackers/validate.ts"),
    import("../../trackers/registry.ts"),
  ]);
  const config = await loadConfig(context, { usedAnd: name });
  const connection = config.connections.find(({ id }) => id === name);
  const definition = trackers.find(({ id }) => id === connection?.tracker);
  if (connection === undefined || definition === undefined) {
    throw unknownTracker(
      name,
      config.connections.map(({ id }) => id),
    );
  }
  const broken = config.problems.find(
    ({ file, severity }) => severity === "error" && file === context.paths.configFile,
  );
  if (broken !== undefined) out.note(describeProblem(broken));
  if (connection.missing.length > 0) throw missingCredentials(connection);
  out.status(`Testing ${definition.label}…`);
  const result = await validateCredentials(definition, connection.values, {
    clock,
    userAgent: `panopticon/${version}`,
  });
  if (json) {
    out.json(result.valid ? { ...result, sources: result.sources.map(({ id, name }) => ({ id, name })) } : result);
  } else if (result.valid) {
    out.line(`${out.style("green", definition.label)}: ${plainText(result.message)}`);
    for (const { key, name: title } of result.sources.slice(0, 20)) {
      out.line(`  ${plainLine(key === title ? key : `${key}  ${title}`)}`);
    }
    const rest = result.sources.length - 20;
    if (rest > 0) out.line(`  and ${count(rest, "other")}; --json lists them`);
  }
  if (result.valid) return;
  setExitCode(result.errorType === "auth" ? 4 : 1);
  if (json) return;
  out.note(out.styleNote("red", `${definition.label}: ${plainText(result.error)}`));
  out.note(plainText(result.hint));
}
