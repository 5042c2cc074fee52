// `npm run build`: builds the dashboard into dist/web, `pan` into dist/pan.js, and the licences of what they contain.
import { spawnSync } from "node:child_process";
import { globSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeNotices } from "./notices.ts";

const root = join(import.meta.dirname, "..");
const bin = (name: string) => join(root, "node_modules", ".bin", name);

function run(what: string, command: string, args: readonly string[]): void {
  const started = performance.now();
  const result = spawnSync(command, [...args], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}${result.error?.message ?? ""}\nBuilding ${what} failed.\n`);
    process.exit(1);
  }
  process.stderr.write(`Built ${what} in ${((performance.now() - started) / 1000).toFixed(1)} s.\n`);
}

const chunks = () => globSync("dist/pan*.js", { cwd: root }).map((file) => join(root, file));
const before = new Map(chunks().map((file) => [file, statSync(file).mtimeMs]));
run("pan", bin("tsdown"), ["--logLevel", "warn"]);
// Chunk names contain content hashes, so remove those of earlier builds.
for (const file of chunks()) if (statSync(file).mtimeMs === before.get(file)) rmSync(file);
run("the dashboard", bin("vite"), ["build", "--logLevel", "warn"]);
writeNotices(["pan", "web"], join(root, "dist", "THIRD-PARTY-NOTICES.txt"));
