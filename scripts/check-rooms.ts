// Checks which rooms may import each other (docs/architecture.md), that there are no import cycles, where a tracker's name may appear, and that no two pages
// style the same selector.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { importCircles } from "./import-circles.ts";
import { readImports } from "./read-imports.ts";
import { findings } from "./rooms.ts";
import { doubledSelectors } from "./style-rules.ts";

const root = join(import.meta.dirname, "..");
const files = globSync(
  ["src/**/*.ts", "web/src/**/*.{ts,tsx}", "emulators/**/*.ts", "bench/**/*.ts", "test/**/*.ts", "scripts/**/*.ts"],
  { cwd: root },
);

const sources = files.map((file) => ({
  file: file.replaceAll("\\", "/"),
  text: readFileSync(join(root, file), "utf8"),
}));
const trackers = globSync("src/trackers/*/index.ts", { cwd: root }).map(
  (file) => file.replaceAll("\\", "/").split("/")[2] ?? "",
);

const resolveImport = (from: string, specifier: string) =>
  specifier.startsWith(".")
    ? relative(root, resolve(join(root, dirname(from)), specifier)).replaceAll("\\", "/")
    : null;
const imports = new Map(
  sources.map(({ file, text }) => [
    file,
    readImports(text).flatMap((specifier) => resolveImport(file, specifier) ?? []),
  ]),
);

const sheets = globSync("web/src/**/*.css", { cwd: root }).map((file) => ({
  file: file.replaceAll("\\", "/"),
  text: readFileSync(join(root, file), "utf8"),
}));

const found = [...findings(sources, trackers, resolveImport), ...importCircles(imports), ...doubledSelectors(sheets)];
for (const finding of found) console.error(finding);
if (found.length > 0) process.exit(1);
