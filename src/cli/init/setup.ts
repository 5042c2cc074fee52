import type { TestedConnection, ValidConnection } from "./tested-connection.ts";

/** What to write, determined completely before anything is written. */
export type Setup = {
  readonly connections: readonly TestedConnection[];
  /** Environment variables to copy into the file. */
  readonly variables: Readonly<Record<string, string>>;
  readonly project: { readonly id: string; readonly values: Readonly<Record<string, unknown>> } | null;
};

/** Secrets and servers set only in the environment: a server started elsewhere would not have them. */
export function environmentVariables(
  connections: readonly ValidConnection[],
  isInFile: (key: string) => boolean,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { connection } of connections) {
    for (const [name, origin] of Object.entries(connection.origins)) {
      const value = connection.values[name];
      if (origin.kind === "environment" && value !== undefined && !isInFile(origin.key)) found[origin.key] = value;
    }
  }
  return found;
}
