// `npm run check`: types, lint with room boundaries, dead code, formatting. Runs everything and shows all findings.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const bin = (name: string) => join(import.meta.dirname, "..", "node_modules", ".bin", name);

const checks: [name: string, command: string, ...args: string[]][] = [
  ["types", bin("tsc"), "-p", "."],
  ["types of the dashboard", bin("tsc"), "-p", "web"],
  ["lint", bin("oxlint"), "--type-aware"],
  ["rooms", process.execPath, join(import.meta.dirname, "check-rooms.ts")],
  ["dead code", bin("knip"), "--no-progress"],
  ["formatting", bin("oxfmt"), "--check"],
];

const failed: string[] = [];
for (const [name, command, ...args] of checks) {
  const started = performance.now();
  const result = spawnSync(command, args, { cwd: join(import.meta.dirname, ".."), stdio: "inherit" });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const ok = result.status === 0;
  console.log(`${ok ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (!ok) failed.push(name);
}
if (failed.length > 0) {
  console.error(`\nnpm run check failed: ${failed.join(", ")}`);
  process.exit(1);
}
