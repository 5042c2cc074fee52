import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../shared/specs/", import.meta.url);

/** A published schema beside the checkout, which is not part of it; null when it is not there. */
export function readReference(name: string): string | null {
  const file = new URL(name, folder);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** What a test that needs it says when it is skipped. */
export function missingReference(name: string): string {
  return `../shared/specs/${name} is not beside this checkout`;
}
