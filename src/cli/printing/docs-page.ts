import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where a page of the documentation lies on this machine: beside the built `dist`, or in the checkout. */
export function docsPage(name: string): string {
  const places = [join(import.meta.dirname, "..", "docs"), join(import.meta.dirname, "..", "..", "..", "docs")];
  return join(places.find((place) => existsSync(join(place, name))) ?? "docs", name);
}
