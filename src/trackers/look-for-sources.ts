import type { Clock } from "../domain/clock.ts";
import type { ConnectionConfig } from "../domain/credentials.ts";
import { type ErrorCode, PanopticonError, toPanopticonError } from "../domain/error.ts";
import { describeMissing } from "../domain/missing-keys.ts";
import { nearestWord } from "../domain/nearest-word.ts";
import type { SourceConfig, UncheckedSource } from "../domain/source.ts";
import { createHttpClient } from "./http/create-http-client.ts";
import { withDeadline } from "./http/deadline.ts";
import type { TrackerConnection, TrackerDefinition } from "./tracker.ts";

export type LookOptions = {
  readonly trackers: readonly TrackerDefinition[];
  readonly connections: readonly ConnectionConfig[];
  readonly clock: Clock;
  readonly userAgent: string;
};

/** The errors for a source that the credentials cannot see. */
const unseen: ReadonlySet<ErrorCode> = new Set(["not_found", "forbidden", "gone"]);

/** Short, because a user waits for the response. */
const deadlineMs = 10_000;
/** How many sources are searched for the nearest name. */
const maxListed = 1000;

/**
 * Checks that the credentials can see the sources to be mirrored. Returns those that could not be checked; throws `not_found` for the first that is not
 * visible, with the nearest visible one.
 */
export async function lookForSources(
  sources: readonly SourceConfig[],
  options: LookOptions,
): Promise<readonly UncheckedSource[]> {
  const looks = await Promise.all(sources.map((source) => look(source, options)));
  const refused = looks.find((found) => found instanceof PanopticonError);
  if (refused !== undefined) throw refused;
  return looks.flatMap((found) => (found === null || found instanceof PanopticonError ? [] : [found]));
}

/** null if the source is visible. */
async function look(source: SourceConfig, options: LookOptions): Promise<UncheckedSource | PanopticonError | null> {
  const unchecked = (reason: string, hint?: string): UncheckedSource => ({
    source: source.id,
    reason,
    ...(hint !== undefined && { hint }),
  });
  const definition = options.trackers.find(({ id }) => id === source.tracker);
  const config = options.connections.find(({ id }) => id === source.connection);
  if (definition === undefined || config === undefined) return unchecked("Connection not found.");
  if (config.missing.length > 0) {
    const { sentence, names, login, helps } = describeMissing(config.missing);
    const signIn = login === null ? "" : `, or you sign in with ${login}`;
    const until = `Its issues appear once ${names} ${config.missing.length === 1 ? "is" : "are"} in ~/.panopticon.env or in the environment${signIn}.`;
    return unchecked(sentence, [until, ...helps].join("\n"));
  }
  try {
    return await withDeadline(deadlineMs, undefined, async (signal) => {
      const { client } = createHttpClient({
        policy: definition.http,
        values: config.values,
        clock: options.clock,
        userAgent: options.userAgent,
        attempts: 1,
        deadlineMs,
      });
      const connection = definition.connect(client);
      try {
        await connection.describe({ key: source.key, historyMs: source.historyMs, nativeId: null }, {}, signal);
        return null;
      } catch (cause) {
        const error = toPanopticonError(cause);
        if (!unseen.has(error.code)) throw error;
        return notSeen(source, definition, await listed(connection, signal));
      }
    });
  } catch (cause) {
    const { message, hint } = toPanopticonError(cause);
    return unchecked(message, hint);
  }
}

type Listed = readonly { readonly key: string; readonly name: string }[];

/** The visible sources, or as many of them as could be read. */
async function listed(connection: TrackerConnection, signal: AbortSignal): Promise<Listed> {
  const found: { key: string; name: string }[] = [];
  try {
    for await (const { key, name } of connection.sources(signal)) {
      found.push({ key, name });
      if (found.length === maxListed) break;
    }
  } catch (error) {
    // The source is known to be invisible without the list, which is only needed for the nearest name.
    toPanopticonError(error);
  }
  return found;
}

function notSeen({ key, connection }: SourceConfig, definition: TrackerDefinition, list: Listed): PanopticonError {
  const near = nearestWord(
    key,
    list.map((one) => one.key),
  );
  const name = list.find((one) => one.key === near)?.name;
  const shown = near === undefined || name === undefined || /\p{L}/u.test(near) ? near : `${near} (${name})`;
  const field = definition.sourceKeys[0]?.key;
  return new PanopticonError(
    "not_found",
    `These ${definition.label} credentials cannot see a ${definition.sourceNoun.one} “${key}”.`,
    {
      hint:
        shown === undefined
          ? `List what they can see with pan trackers test ${connection}.`
          : `Did you mean “${shown}”? List what they can see with pan trackers test ${connection}.`,
      ...(near !== undefined && { candidates: [near] }),
      ...(field !== undefined && { field }),
    },
  );
}
