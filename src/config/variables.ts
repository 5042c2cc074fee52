import type { CredentialOrigin } from "../domain/credentials.ts";
import type { EnvFile } from "./env-file.ts";
import type { Environment } from "./paths.ts";

export type Variable = { readonly value: string; readonly origin: CredentialOrigin };

/** Looks up variables: the environment takes precedence over the file, an empty value counts as absent. */
export type Variables = (keys: readonly string[]) => Variable | undefined;

/** The environment takes precedence over the file; a blank value counts as absent. */
export function createVariables(env: Environment, file: EnvFile): Variables {
  return (keys) => {
    for (const key of keys) {
      const value = env[key]?.trim();
      if (value) return { value, origin: { kind: "environment", key } };
    }
    for (const key of keys) {
      const value = file.values.get(key)?.trim();
      if (value) return { value, origin: { kind: "file", path: file.path, key } };
    }
    return undefined;
  };
}

/** The name in `$NAME` or `${NAME}`; undefined for any other text. */
export function variableName(text: string): string | undefined {
  return /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/.exec(text)?.slice(1).find(Boolean);
}
