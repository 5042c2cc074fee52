import type { ConnectionConfig, CredentialField, CredentialOrigin } from "../domain/credentials.ts";
import type { ConnectionEntry } from "./config-shape.ts";
import type { TrackerKeys } from "./config.ts";
import { findForeignValue } from "./foreign-value.ts";
import type { Environment } from "./paths.ts";
import type { RunCommand } from "./run-command.ts";
import type { Located } from "./shape.ts";
import type { YamlText } from "./yaml-text.ts";
import { variableName, type Variable, type Variables } from "./variables.ts";

/** Where values are looked up. */
export type ConnectionSources = {
  readonly variables: Variables;
  readonly envFile: string;
  readonly configFile: string;
};

type Noted = ConnectionSources & { readonly note: YamlText["report"] };

type Found = { readonly value: Variable | undefined; readonly field: CredentialField };

/** A tracker's default connection, from the environment or the environment file. */
export function readDefaultConnection(tracker: TrackerKeys, { variables }: ConnectionSources): ConnectionConfig {
  const found = tracker.credentialFields.map((field) => ({ field, value: variables(field.env) }));
  return withDefaults(tracker.id, tracker.id, found);
}

/** A connection named in config.yaml, with its `$NAME`s resolved. */
export function readNamedConnection(
  id: string,
  entry: ConnectionEntry,
  tracker: TrackerKeys,
  sources: Noted,
): ConnectionConfig {
  const found = tracker.credentialFields.map((field): Found => {
    const written = entry.fields.get(field.name);
    // Does not inherit the default connection's variables.
    return written === undefined
      ? { field: { ...field, env: [] }, value: undefined }
      : readField(field, written, sources);
  });
  return withDefaults(id, tracker.id, found);
}

function readField(field: CredentialField, written: Located<string>, sources: Noted): Found {
  const name = variableName(written.value);
  if (name !== undefined) {
    const value = sources.variables([name]);
    if (value === undefined) {
      sources.note(
        "warning",
        written.offset,
        `$${name} is not set in the environment or in ${sources.envFile}`,
        `Add ${name}=… to ${sources.envFile}. ${field.help}`,
      );
    }
    return { field: { ...field, env: [name] }, value };
  }
  if (field.secret) {
    sources.note(
      "warning",
      written.offset,
      `"${field.name}" contains the secret itself`,
      `Move it to ${sources.envFile}, as WORK_${field.env[0] ?? "TOKEN"}=…, and write ${field.name}: $WORK_${field.env[0] ?? "TOKEN"} here.`,
    );
  }
  return { field, value: { value: written.value, origin: { kind: "config", path: sources.configFile } } };
}

function withDefaults(id: string, tracker: string, found: readonly Found[]): ConnectionConfig {
  const values: Record<string, string> = {};
  const origins: Record<string, CredentialOrigin> = {};
  for (const { field, value } of found) {
    const written = value ?? defaultOf(field);
    if (written === undefined) continue;
    values[field.name] = written.value;
    origins[field.name] = written.origin;
  }
  const missing = found.map(({ field }) => field).filter(({ name, required }) => required && !(name in values));
  return { id, tracker, values, origins, missing };
}

function defaultOf({ defaultValue }: CredentialField): Variable | undefined {
  return defaultValue === undefined ? undefined : { value: defaultValue, origin: { kind: "default" } };
}

/** Whether another program, or its file, may have a connection's missing values. */
export function mayBeHeldElsewhere({ missing }: ConnectionConfig): boolean {
  return missing.some(({ fallback }) => fallback !== undefined);
}

/** Asks other programs for a connection's missing values, and reads their files. Takes as long as the slowest of them. */
export async function askPrograms(
  connection: ConnectionConfig,
  runCommand: RunCommand,
  env: Environment,
): Promise<ConnectionConfig> {
  const host = hostOf(connection.values["server"]);
  if (host === null) return connection;
  const asked = await Promise.all(
    connection.missing.map(async (field): Promise<Found> => ({
      field,
      value: await askProgram(field, host, runCommand, env),
    })),
  );
  const told = asked.flatMap(({ field, value }) => (value === undefined ? [] : [[field.name, value] as const]));
  return {
    ...connection,
    values: { ...connection.values, ...Object.fromEntries(told.map(([name, { value }]) => [name, value])) },
    origins: { ...connection.origins, ...Object.fromEntries(told.map(([name, { origin }]) => [name, origin])) },
    missing: asked.filter(({ value }) => value === undefined).map(({ field }) => field),
  };
}

/** Asks the program that may have a credential, then reads its file. */
async function askProgram(
  { fallback }: CredentialField,
  host: string,
  runCommand: RunCommand,
  env: Environment,
): Promise<Variable | undefined> {
  if (fallback === undefined) return undefined;
  const told = (await runCommand(fallback.command, fallback.args(host)))?.trim();
  if (told && isToken(told)) return { value: told, origin: { kind: "command", label: fallback.label } };
  if (fallback.file === undefined) return undefined;
  const kept = findForeignValue(fallback.file.paths, fallback.file.keys(host), env);
  if (kept === undefined || !isToken(kept.value)) return undefined;
  return {
    value: kept.value,
    origin: { kind: "program-file", label: fallback.label, path: kept.path, key: kept.key },
  };
}

/** A token is one word; anything longer is a message of the program. */
function isToken(text: string): boolean {
  return !/\s/.test(text);
}

/** The host name that users know a server by: `https://api.github.com` → `github.com`; null for an invalid URL. */
function hostOf(server: string | undefined): string | null {
  if (server === undefined || !URL.canParse(server)) return null;
  return new URL(server).hostname.replace(/^api\./, "") || null;
}
