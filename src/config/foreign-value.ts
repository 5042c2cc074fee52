import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isScalar, parseDocument } from "yaml";
import type { Environment } from "./paths.ts";

export type ForeignValue = { readonly value: string; readonly path: string; readonly key: string };

/**
 * A value in another program's YAML file: the first existing one of `paths`, the value at `keys`. `~` is the operating system's home of the user (the other
 * program knows no other). undefined if there is no such file or key; an unreadable file is ignored, because it belongs to another program.
 */
export function findForeignValue(
  paths: readonly string[],
  keys: readonly string[],
  env: Environment,
): ForeignValue | undefined {
  const path = paths.map((place) => expand(place, env)).find((place) => place !== null && existsSync(place));
  if (path == null) return undefined;
  const node = parseDocument(readText(path), { logLevel: "silent" }).getIn(keys, true);
  // glab writes wrong tags (`token: !!null glpat-…`), so the source text is used.
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
