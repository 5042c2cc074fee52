import { inSentence, type ConnectionConfig, type CredentialField } from "../domain/credentials.ts";
import { PanopticonError } from "../domain/error.ts";
import { nearestWord } from "../domain/nearest-word.ts";
import type { TrackerKeys } from "./config.ts";
import { findCredentialPlace } from "./credential-place.ts";
import { setVariables, type VariableChanges } from "./edit-env.ts";

/** Values by the names of a tracker's credential fields; null removes one. */
export type CredentialValues = Readonly<Record<string, string | null>>;

/**
 * Writes a connection's credentials into the environment file. Throws `conflict` for one that is stored elsewhere, `invalid_input` for an invalid one; `field`
 * names it. No error contains a value.
 */
export function setCredentials(
  values: CredentialValues,
  context: {
    readonly tracker: TrackerKeys;
    readonly connection: ConnectionConfig | undefined;
    readonly envFile: string;
  },
): void {
  const { tracker, connection, envFile } = context;
  const changes: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(values)) {
    Object.assign(changes, toChange(getField(name, tracker), value, connection));
  }
  checkServer(values, tracker, connection);
  if (Object.keys(changes).length > 0) setVariables(envFile, changes);
}

function getField(name: string, { label, credentialFields }: TrackerKeys): CredentialField {
  const field = credentialFields.find((candidate) => candidate.name === name);
  if (field !== undefined) return field;
  const names = credentialFields.map((candidate) => candidate.name);
  const near = nearestWord(name, names);
  throw new PanopticonError("invalid_input", `“${name}” is not a field of ${label}'s credentials.`, {
    field: name,
    hint: near === undefined ? `The fields are ${names.join(", ")}.` : `Did you mean “${near}”?`,
  });
}

function toChange(
  field: CredentialField,
  value: string | null,
  connection: ConnectionConfig | undefined,
): VariableChanges {
  const place = findCredentialPlace(field, connection);
  if (place.locked !== null) {
    const { reason, hint } = place.locked;
    throw new PanopticonError("conflict", `The ${inSentence(field.label)} cannot be changed here. ${reason}`, {
      field: field.name,
      hint,
    });
  }
  const written = value?.trim();
  // Probably an unset variable: what looks like setting a key must not remove it.
  if (written === "") {
    throw new PanopticonError("invalid_input", `The ${inSentence(field.label)} is empty.`, {
      field: field.name,
      hint: "To remove it, send null.",
    });
  }
  if (written === undefined) {
    // Otherwise the second key would take effect when only the first is removed.
    const keys = field.env.includes(place.key) ? field.env : [place.key];
    return Object.fromEntries(keys.map((key) => [key, null]));
  }
  if (field.secret && /\s/.test(written)) {
    throw new PanopticonError("invalid_input", `The ${inSentence(field.label)} must not contain spaces.`, {
      field: field.name,
      hint: "Copy it again, without any surrounding text.",
    });
  }
  // Often written as in a browser's address bar, which hides it. The tracker's own rules for addresses apply when it is tested.
  if (field.name === "server" && !/^https?:\/\//i.test(written)) {
    throw new PanopticonError("invalid_input", "The server's address must start with https:// (or http://).", {
      field: field.name,
      hint: `Write it like ${field.placeholder ?? "https://HOST"}.`,
    });
  }
  return { [place.key]: written };
}

/** A stored secret is only sent to the server it was stored for: another server requires entering it again. */
export function checkServer(
  values: CredentialValues,
  { credentialFields }: Pick<TrackerKeys, "credentialFields">,
  connection: ConnectionConfig | undefined,
): void {
  const server = credentialFields.find(({ name }) => name === "server");
  const wanted = values["server"];
  if (server === undefined || wanted === undefined || connection === undefined) return;
  const before = connection.values["server"];
  if (before === undefined || sameServer(before, wanted?.trim() || server.defaultValue)) return;
  for (const { name, label, secret } of credentialFields) {
    const origin = connection.origins[name];
    // Another program is asked for the new server's credentials anyway.
    if (!secret || origin === undefined || origin.kind === "command" || origin.kind === "program-file") continue;
    if (values[name] !== undefined) continue;
    throw new PanopticonError(
      "invalid_input",
      `Another server needs its own ${inSentence(label)}: the stored one was for ${hostOf(before)}.`,
      {
        field: name,
        hint:
          origin.kind === "environment"
            ? `It comes from ${origin.key} in the environment: set the server there too.`
            : "Enter it together with the server's address.",
      },
    );
  }
}

function sameServer(a: string, b: string | undefined): boolean {
  if (b === undefined) return false;
  const [first, second] = [URL.parse(a), URL.parse(b)];
  return first === null || second === null ? a === b : first.origin === second.origin;
}

const hostOf = (server: string) => URL.parse(server)?.host ?? server;
