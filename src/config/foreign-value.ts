import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isScalar, parseDocument } from "yaml";
import type { Environment } from "./paths.ts";

export type ForeignValue = { readonly value: string; readonly path: string; readonly key: string };

/**
 * A value in the YAML file of another program: the first of `paths` that exists, the value below `keys`. `~` is the operating system's home of the user
 * (that program knows no other); undefined where there is no file, no such key, or the file cannot be read: it is somebody else's, so nothing is said about it.
 */
export function findForeignValue(
  paths: readonly string[],
  keys: readonly string[],
  env: Environment,
): ForeignValue | undefined {
  const path = paths.map((place) => expand(place, env)).find((place) => place !== null && existsSync(place));
  if (path == null) return undefined;
  const node = parseDocument(readText(path), { logLevel: "silent" }).getIn(keys, true);
  // glab writes tags that do not fit (`token: !!null glpat-…`): what counts is what stands there.
  const value = isScalar(node) ? (node.source ?? "").trim() : "";
  return value === "" || value === "null" ? undefined : { value, path, key: keys.join(".") };
}

function expand(place: string, env: Environment): string | null {
  if (place.startsWith("~/")) return (env["HOME"]?.trim() || homedir()) + place.slice(1);
  const variable = /^\$([A-Za-z_]\w*)/.exec(place);
  if (variable === null) return place;
  const value = env[variable[1] ?? ""]?.trim();
  return value ? value + place.slice(variable[0].length) : null;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) return "";
    throw error;
  }
}
