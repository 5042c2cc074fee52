import type { CredentialValues } from "../../config/edit-credentials.ts";
import type { ConnectionConfig, CredentialOrigin } from "../../domain/credentials.ts";
import type { TrackerDefinition } from "../../trackers/tracker.ts";
import type { Validation } from "../../domain/validation.ts";
import { validateCredentials } from "../../trackers/validate.ts";
import type { Context } from "../context.ts";

/** A tracker's default connection and the result of testing it; null: no credentials to test. */
export type TestedConnection = {
  readonly tracker: TrackerDefinition;
  readonly connection: ConnectionConfig;
  /** What the user typed, not stored yet. */
  readonly entered: CredentialValues;
  readonly result: Validation | null;
};

export type ValidConnection = TestedConnection & { readonly result: Extract<Validation, { valid: true }> };

export function isValid(tested: TestedConnection): tested is ValidConnection {
  return tested.result?.valid === true;
}

/** Asks the tracker whose credentials these are and what they can see. Never throws for invalid credentials. */
export async function testConnection(
  { clock, version }: Pick<Context, "clock" | "version">,
  tracker: TrackerDefinition,
  connection: ConnectionConfig,
  entered: CredentialValues = {},
): Promise<TestedConnection> {
  const values = { ...connection.values, ...entered };
  const isComplete = tracker.credentialFields.every(({ name, required }) => !required || values[name]);
  if (!isComplete) return { tracker, connection, entered, result: null };
  const result = await validateCredentials(tracker, values, { clock, userAgent: `panopticon/${version}` });
  return { tracker, connection, entered, result };
}

/** The origin of a connection's secret, in a word or two. */
export function describeSecret({ tracker, connection, entered }: TestedConnection): string {
  const secret = tracker.credentialFields.find((field) => field.secret);
  if (secret === undefined) return "";
  if (entered[secret.name] != null) return "entered now";
  return describeOrigin(connection.origins[secret.name]);
}

function describeOrigin(origin: CredentialOrigin | undefined): string {
  switch (origin?.kind) {
    case "environment":
      return `${origin.key} in the environment`;
    case "file":
      return `${origin.key} in ~/.panopticon.env`;
    case "program-file":
    case "command":
      return origin.label;
    case "config":
      return origin.path;
    case "default":
    case undefined:
      return "";
  }
}
