import type { Config } from "../../config/config.ts";
import type { ConnectionConfig } from "../../domain/credentials.ts";
import { toPanopticonError } from "../../domain/error.ts";
import { clockWarning } from "../../server/shapes/clock-warning.ts";
import { createHttpClient } from "../../trackers/http/create-http-client.ts";
import { trackers } from "../../trackers/registry.ts";
import type { TrackerDefinition } from "../../trackers/tracker.ts";
import type { Context } from "../context.ts";
import { finding, type Finding } from "./finding.ts";

const waitMs = 15_000;

/** Tests every connection's credentials, and compares this machine's clock with the trackers'. */
export async function checkTrackers(context: Context, config: Config): Promise<Finding[]> {
  const all = await Promise.all(config.connections.map((connection) => checkConnection(context, config, connection)));
  return all.flat();
}

async function checkConnection(context: Context, config: Config, connection: ConnectionConfig): Promise<Finding[]> {
  const definition = trackers.find(({ id }) => id === connection.tracker);
  if (definition === undefined) return [];
  const area = connection.id === definition.id ? definition.label : `${definition.label} (${connection.id})`;
  const used = config.projects.some(({ sources }) => sources.some((source) => source.connection === connection.id));
  if (connection.missing.length > 0) {
    const keys = connection.missing.map(({ env, name }) => env[0] ?? name).join(" and ");
    const fix = `Add ${keys} to ${context.paths.envFile}. ${connection.missing.map(({ help }) => help).join(" ")}`;
    return used
      ? [finding("error", area, `${keys} missing, and projects use it`, fix)]
      : [finding("note", area, "not connected", fix)];
  }
  return tryConnection(context, area, definition, connection);
}

async function tryConnection(
  { clock, version }: Context,
  area: string,
  definition: TrackerDefinition,
  connection: ConnectionConfig,
): Promise<Finding[]> {
  try {
    const { client } = createHttpClient({
      policy: definition.http,
      values: connection.values,
      clock,
      userAgent: `panopticon/${version}`,
    });
    const account = await definition.connect(client).verify(AbortSignal.timeout(waitMs));
    const missing = account.missing.map((sentence) =>
      finding("warning", area, sentence, "Create a token that has it, and replace this one."),
    );
    return [
      finding("ok", area, `signed in as ${account.login}`),
      ...missing,
      ...checkClock(area, client.serverNow() - clock.now()),
    ];
  } catch (thrown) {
    const error =
      thrown instanceof DOMException && thrown.name === "TimeoutError"
        ? {
            message: `no response within ${waitMs / 1000} seconds`,
            hint: "Check the network and the server's address.",
          }
        : toPanopticonError(thrown);
    return [finding("error", area, error.message, error.hint ?? null)];
  }
}

function checkClock(area: string, aheadMs: number): Finding[] {
  const warning = clockWarning(area, aheadMs);
  return warning === null ? [] : [finding("warning", "Clock", warning.message, warning.hint)];
}
