import type { TrackerKeys } from "./config.ts";
import { intervalPattern, parseInterval } from "./duration.ts";
import { isLoopbackHost } from "./loopback.ts";
import { type AgentReach, agentReaches } from "../domain/work-settings.ts";
import { checkId, idPattern } from "./projects-shape.ts";
import { integer, located, mapOf, record, shown, text, word, type Located, type Shape } from "./shape.ts";
import { agentsShape, type AgentEntry } from "./work-shape.ts";

/** A connection of config.yaml as written: `$NAME`s are not resolved yet. */
export type ConnectionEntry = { readonly tracker: string; readonly fields: ReadonlyMap<string, Located<string>> };

export type ConfigEntry = {
  readonly agents?: ReadonlyMap<string, Located<AgentEntry>>;
  readonly host?: string;
  readonly port?: number;
  readonly publicUrl?: string;
  readonly connections: ReadonlyMap<string, Located<ConnectionEntry>>;
  readonly minIntervalMs?: number;
  readonly reach?: AgentReach;
  /** As written: a URL, or `$NAME`. */
  readonly database?: Located<string>;
};

const serverShape = record(
  {
    host: text({
      description: "The loopback address to listen on; default: 127.0.0.1.",
      check: (value) =>
        isLoopbackHost(value)
          ? null
          : "must be this machine (127.0.0.1, ::1 or localhost) until Panopticon has a sign-in; use an SSH tunnel from other machines",
    }),
    port: integer("The port to listen on; default: 3011.", 1, 65_535),
    publicUrl: text({
      description: "The public address at which trackers reach this server's webhooks.",
      check: (value) => (/^https?:\/\/[^\s/]+/.test(value) ? null : "must be an address that starts with https://"),
      schema: { type: "string", format: "uri" },
    }),
  },
  "The address and port of the server.",
);

const syncShape = record(
  {
    minInterval: text({
      description: 'The shortest time between two polls of a source: "30s", "2m", "1h".',
      check: (value) => (parseInterval(value) === undefined ? 'must be like "30s", "2m" or "1h"' : null),
      schema: { type: "string", pattern: intervalPattern },
    }),
  },
  "How often trackers are polled.",
);

const mcpShape = record(
  {
    reach: word(
      agentReaches,
      "Which issues agents may read and change: linked (their own and those linked to it; the default), project, all.",
    ),
  },
  "What agents may do with pan mcp.",
);

/** A connection; its fields depend on its tracker. */
function connectionShape(trackers: readonly TrackerKeys[]): Shape<ConnectionEntry> {
  const trackerWord = word(
    trackers.map((tracker) => tracker.id),
    "The tracker this is a connection to.",
  );
  const shapeOf = (tracker: TrackerKeys) => ({
    tracker: trackerWord,
    ...Object.fromEntries(
      tracker.credentialFields.map((field) => [
        field.name,
        located(
          text({
            description: field.secret
              ? `${field.label}, as $NAME: a variable in the environment or in ~/.panopticon.env.`
              : `${field.label}, or $NAME.`,
          }),
        ),
      ]),
    ),
  });
  // Read first, without reporting, because the other keys depend on it.
  const every = record(Object.assign({}, ...trackers.map(shapeOf)) as ReturnType<typeof shapeOf>);
  return {
    schema: {
      type: "object",
      required: ["tracker"],
      properties: { tracker: trackerWord.schema },
      oneOf: trackers.map((tracker) => ({
        ...record(shapeOf(tracker)).schema,
        properties: {
          ...(record(shapeOf(tracker)).schema["properties"] as object),
          tracker: { const: tracker.id },
        },
      })),
    },
    read(node, source, at) {
      const quiet = { ...source, report: () => {} };
      const named = (every.read(node, quiet, at) as { tracker?: string } | undefined)?.tracker;
      const tracker = trackers.find((candidate) => candidate.id === named);
      const values = (tracker ? record(shapeOf(tracker)) : every).read(node, source, at);
      if (values === undefined) return undefined;
      if (tracker === undefined) {
        if (!hasKey(node, "tracker")) {
          source.report(
            "error",
            at.offset,
            `connection "${shown(at.key)}" needs a tracker: ${trackers.map(({ id }) => id).join(", ")}`,
          );
        }
        return undefined;
      }
      const { tracker: id, ...fields } = values as { tracker: string } & Record<string, Located<string>>;
      return { tracker: id, fields: new Map(Object.entries(fields as Record<string, Located<string>>)) };
    },
  };
}

function hasKey(node: unknown, key: string): boolean {
  return typeof node === "object" && node !== null && "has" in node && typeof node.has === "function"
    ? Boolean(node.has(key))
    : false;
}

/** The whole config.yaml. */
export function configFileShape(trackers: readonly TrackerKeys[]): Shape<ConfigEntry> {
  const shape = record(
    {
      server: serverShape,
      connections: mapOf(connectionShape(trackers), {
        description: "Additional connections, besides each tracker's default one.",
        checkKey: (key) =>
          checkId(key) ??
          (trackers.some((tracker) => tracker.id === key)
            ? "is the name of the default connection; choose another one"
            : null),
        keySchema: { pattern: idPattern },
      }),
      agents: agentsShape,
      mcp: mcpShape,
      sync: syncShape,
      database: located(
        text({
          description: "postgres://… or $NAME; default: a file in ~/.panopticon. DATABASE_URL takes precedence.",
          check: (value) =>
            /^(\$|postgres(ql)?:\/\/)/.test(value)
              ? null
              : "must start with postgres://, or be the $NAME of a variable",
        }),
      ),
    },
    "Panopticon's settings: ~/.panopticon/config.yaml. All keys are optional.",
  );
  return {
    schema: shape.schema,
    read(node, source, at) {
      const values = shape.read(node, source, at);
      if (values === undefined) return undefined;
      const { server, sync } = values;
      const minIntervalMs = sync?.minInterval === undefined ? undefined : parseInterval(sync.minInterval);
      return {
        ...(server?.host !== undefined && { host: server.host }),
        ...(server?.port !== undefined && { port: server.port }),
        ...(server?.publicUrl !== undefined && { publicUrl: server.publicUrl }),
        ...(minIntervalMs !== undefined && { minIntervalMs }),
        ...(values.mcp?.reach !== undefined && { reach: values.mcp.reach }),
        ...(values.agents !== undefined && { agents: values.agents }),
        ...(values.database !== undefined && { database: values.database }),
        connections: values.connections ?? new Map(),
      };
    },
  };
}
