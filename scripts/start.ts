// `npm start` and `npm run demo`: builds if the sources are newer than the build, then runs `pan` with the arguments.
import { spawn, spawnSync } from "node:child_process";
import { globSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const built = join(root, "dist", "pan.js");
const page = join(root, "dist", "web", "index.html");

const modifiedAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function isBuildFresh(): boolean {
  const builtAt = Math.min(modifiedAt(built), modifiedAt(page));
  const sources = globSync(
    ["src/**", "web/**", "emulators/**", "*.config.ts", "package-lock.json", "scripts/build.ts"],
    { cwd: root, exclude: (name) => name.endsWith(".test.ts") },
  );
  return sources.every((file) => modifiedAt(join(root, file)) <= builtAt);
}

if (!isBuildFresh()) {
  const result = spawnSync(process.execPath, [join(root, "scripts", "build.ts")], { cwd: root, stdio: "inherit" });
  if (result.status !== 0) process.exit(1);
}

const child = spawn(process.execPath, [built, ...process.argv.slice(2)], { stdio: "inherit" });
// pan ends once it has closed everything, and this process with it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
child.once("exit", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 130);
});
