import { inSentence, type ConnectionConfig, type CredentialField } from "../domain/credentials.ts";

/** Where a credential can be written: a variable of `~/.panopticon.env`, or nowhere, and why. */
export type CredentialPlace =
  | { readonly key: string; readonly locked: null }
  | { readonly key: null; readonly locked: { readonly reason: string; readonly hint: string } };

/** Where a connection's field can be written to take effect. `connection` is undefined if nothing is set up yet. */
export function findCredentialPlace(
  field: CredentialField,
  connection: Pick<ConnectionConfig, "id" | "tracker" | "origins" | "missing"> | undefined,
): CredentialPlace {
  const origin = connection?.origins[field.name];
  if (origin?.kind === "environment") {
    return locked(
      `${origin.key} is set in the environment Panopticon was started with, which takes precedence over the file.`,
      `To change it here, remove ${origin.key} from that environment and restart Panopticon.`,
    );
  }
  if (origin?.kind === "config") {
    return locked(
      `It is written in ${origin.path} itself.`,
      `To change it here, write ${field.name}: $NAME there, with a name of your choice.`,
    );
  }
  if (origin?.kind === "file") return { key: origin.key, locked: null };
  const isDefault = connection === undefined || connection.id === connection.tracker;
  const missing = connection?.missing.find(({ name }) => name === field.name);
  const key = isDefault ? field.env[0] : missing?.env[0];
  if (key !== undefined) return { key, locked: null };
  return locked(
    `The connection “${connection?.id ?? ""}” in config.yaml does not say where its ${inSentence(field.label)} is.`,
    `To set it here, write ${field.name}: $NAME under the connection, with a name of your choice.`,
  );
}

const locked = (reason: string, hint: string): CredentialPlace => ({ key: null, locked: { reason, hint } });
