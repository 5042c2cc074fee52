import { existsSync } from "node:fs";
import { join } from "node:path";

/** How to run this program: the bundle, or the sources of a checkout. */
export function panCommand(): readonly string[] {
  const places = [join(import.meta.dirname, "pan.js"), join(import.meta.dirname, "..", "main.ts")];
  const file = places.find((place) => existsSync(place)) ?? process.argv[1] ?? "pan";
  return [process.execPath, "--disable-warning=ExperimentalWarning", file];
}
