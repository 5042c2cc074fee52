import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../shared/specs/", import.meta.url);

/** Reads a published schema next to the checkout, which does not contain it; null if it is missing. */
export function readReference(name: string): string | null {
  const file = new URL(name, folder);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** Why a test that needs it is skipped. */
export function missingReference(name: string): string {
  return `../shared/specs/${name} is not beside this checkout`;
}
