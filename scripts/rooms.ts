import { readImports } from "./read-imports.ts";

/** What each room may import besides itself and packages. `#` is the rule for the room's own sub-folders, below. */
const allowed: Record<string, readonly string[]> = {
  "src/domain": [],
  "src/config": ["src/domain"],
  "src/trackers": ["src/domain"],
  "src/store": ["src/domain"],
  "src/work": ["src/domain"],
  "src/sync": ["src/domain", "src/store", "src/trackers/tracker.ts", "src/trackers/http/http-client.ts"],
  "src/changes": ["src/domain", "src/store", "src/sync", "src/trackers/tracker.ts"],
  "src/server": [
    "src/domain",
    "src/changes",
    "src/config",
    "src/store",
    "src/sync",
    "src/work",
    "src/trackers/tracker.ts",
    "src/trackers/http/http-client.ts",
  ],
  "src/mcp": ["src/domain", "src/changes", "src/config", "src/store", "src/sync", "src/work", "src/server/contract"],
  "src/cli": ["src", "emulators", "package.json"],
  web: ["src/server/contract", "src/domain"],
  emulators: [],
  bench: ["src", "emulators", "test", "scripts"],
  test: ["src", "emulators", "web/src", "scripts"],
  scripts: ["src", "emulators", "test"],
};

type SourceFile = { readonly file: string; readonly text: string };

function roomOf(file: string): string | undefined {
  return Object.keys(allowed)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** The tracker whose folder contains a file. */
function trackerFolder(file: string, trackers: readonly string[]): string | undefined {
  return trackers.find((tracker) => file.startsWith(`src/trackers/${tracker}/`));
}

/**
 * Violations of the architecture's rules, as sentences; empty if there are none. Tests may import other rooms, because they combine real parts. `resolveImport`
 * resolves a relative specifier to a path below the root, or null for a package.
 */
export function findings(
  sources: readonly SourceFile[],
  trackers: readonly string[],
  resolveImport: (from: string, specifier: string) => string | null,
): string[] {
  const found: string[] = [];
  for (const { file, text } of sources) {
    const room = roomOf(file);
    if (room === undefined) {
      found.push(`${file}: lies in no room that scripts/rooms.ts knows`);
      continue;
    }
    const isTest = file.endsWith(".test.ts") || file.includes("/conformance/");
    const own = trackerFolder(file, trackers);
    for (const specifier of readImports(text)) {
      if (room === "src/domain" && specifier.startsWith("node:") && !isTest) {
        found.push(`${file}: the domain does no input or output, and so does without ${specifier}`);
      }
      const target = resolveImport(file, specifier);
      if (target === null || target === "package.json" || isTest) continue;
      const other = trackerFolder(target, trackers);
      if (other !== undefined && own !== undefined && own !== other) {
        found.push(`${file}: the tracker ${own} imports the tracker ${other}`);
      }
      if (other !== undefined && own === undefined && file !== "src/trackers/registry.ts") {
        found.push(`${file}: only src/trackers/registry.ts imports a concrete tracker (${target})`);
      }
      if (target.startsWith(`${room}/`)) continue;
      if (!(allowed[room] ?? []).some((place) => target === place || target.startsWith(`${place}/`))) {
        found.push(`${file}: ${room} may not import ${target}`);
      }
    }
    if (isTest || !file.startsWith("src/") || own !== undefined || file === "src/trackers/registry.ts") continue;
    for (const tracker of trackers) {
      const line = text
        .split("\n")
        .findIndex(
          (content) => new RegExp(`["'\`]${tracker}["'\`]`).test(content) && !/^\s*(\/\/|\*|\/\*\*)/.test(content),
        );
      if (line >= 0)
        found.push(`${file}:${line + 1}: names the tracker "${tracker}"; that belongs in its folder or the registry`);
    }
  }
  return found;
}
