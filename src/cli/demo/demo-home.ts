import { rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "../../config/atomic-file.ts";
import { projectIdFrom } from "../../config/checkout.ts";
import type { Paths } from "../../config/config.ts";
import type { Emulators } from "../../../emulators/start.ts";
import { trackers } from "../../trackers/registry.ts";
import type { Surroundings } from "../app.ts";
import { panCommand } from "../work/pan-command.ts";
import { isDemoFolder, pathsIn } from "../../config/paths.ts";

const demoAgent = "scripted";

/** The demo's files, `server.json` included: all in `.panopticon/demo/`, apart from the user's own. */
function demoPaths(paths: Paths): Paths {
  const home = isDemoFolder(paths.home) ? paths.home : join(paths.home, "demo");
  return pathsIn(home, join(home, ".panopticon.env"));
}

/**
 * The surroundings of the demo, without the user's own keys, servers and database: environment variables would override the demo's file, and the keys would be
 * sent to the emulators.
 */
export function demoSurroundings({ paths, env, cwd }: Surroundings): Surroundings {
  const own = new Set([
    "DATABASE_URL",
    ...trackers.flatMap(({ credentialFields }) => credentialFields.flatMap((field) => field.env)),
  ]);
  const demo = demoPaths(paths);
  const kept = Object.fromEntries(Object.entries(env).filter(([key]) => !own.has(key)));
  // For what runs inside it: an agent's `pan` and its MCP server work on the demo, not on the user's own board.
  return { paths: demo, env: { ...kept, PANOPTICON_HOME: demo.home }, cwd };
}

/** Writes keys, projects with their checkouts, and an agent that needs no model. The mirror is reset, because the emulators' worlds start over too. */
export function writeDemoHome(paths: Paths, emulators: Emulators, checkouts: readonly string[]): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${paths.databaseFile}${suffix}`, { force: true });
  const agent = JSON.stringify([...panCommand(), "agent", "scripted", "{prompt}"]);
  const config = `# The demo's agent needs no model.\nagents:\n  ${demoAgent}: { command: ${agent}, resume: ["--resume"] }\n`;
  writeFileAtomically(paths.configFile, config);
  const keys = Object.values(emulators).flatMap(({ credentials }) => Object.entries(credentials));
  const lines = keys.map(([key, value]) => `${key}=${JSON.stringify(value)}\n`).join("");
  writeFileAtomically(paths.envFile, `# Keys of the demo's emulators.\n${lines}`, 0o600);
  writeFileAtomically(paths.projectsFile, toProjectsYaml(emulators, checkouts));
}

/** One project per index in the emulators' lists of sources, so that every project has issues of every tracker. */
function toProjectsYaml(emulators: Emulators, checkouts: readonly string[]): string {
  const all = Object.values(emulators);
  const places = all.reduce((most, { sources }) => Math.max(most, sources.length), 0);
  const entries = Array.from({ length: places }, (_, place) => {
    const named = all.find(({ sources }) => sources[place] !== undefined)?.sources[place]?.name ?? `Project ${place}`;
    const name = named.split("/").at(-1) ?? named;
    const lines = all.map(({ tracker, sources }) => {
      const key = trackers.find(({ id }) => id === tracker)?.sourceKeys[0]?.key;
      const source = sources[place]?.key;
      return key === undefined || source === undefined ? "" : `    ${key}: ${JSON.stringify(source)}\n`;
    });
    const checkout = checkouts[place] ?? "";
    const code = checkout === "" ? "" : `    path: ${JSON.stringify(checkout)}\n    agent: ${demoAgent}\n`;
    return `  ${projectIdFrom(name)}:\n    name: ${JSON.stringify(name)}\n${lines.join("")}${code}    history: all\n`;
  });
  return `# The demo's projects.\nprojects:\n${entries.join("")}`;
}
