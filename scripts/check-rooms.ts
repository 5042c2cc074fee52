// Who may import whom (docs/architecture.md), who may send requests, and where a tracker's name may stand.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { findings } from "./rooms.ts";

const root = join(import.meta.dirname, "..");
const files = globSync(["src/**/*.ts", "web/src/**/*.{ts,tsx}", "emulators/**/*.ts", "bench/**/*.ts", "test/**/*.ts"], {
  cwd: root,
});

const sources = files.map((file) => ({
  file: file.replaceAll("\\", "/"),
  text: readFileSync(join(root, file), "utf8"),
}));
const trackers = globSync("src/trackers/*/index.ts", { cwd: root }).map(
  (file) => file.replaceAll("\\", "/").split("/")[2] ?? "",
);

const found = findings(sources, trackers, (from, specifier) =>
  specifier.startsWith(".")
    ? relative(root, resolve(join(root, dirname(from)), specifier)).replaceAll("\\", "/")
    : null,
);
for (const finding of found) console.error(finding);
if (found.length > 0) process.exit(1);
