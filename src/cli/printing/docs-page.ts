import { existsSync } from "node:fs";
import { join } from "node:path";

/** The path of a documentation page on this machine: next to the built `dist`, or in the checkout. */
export function docsPage(name: string): string {
  const places = [join(import.meta.dirname, "..", "docs"), join(import.meta.dirname, "..", "..", "..", "docs")];
  return join(places.find((place) => existsSync(join(place, name))) ?? "docs", name);
}
