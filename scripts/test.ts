// `npm test`: installs what the tests need, then runs all of them; `npm test -- src/store` runs those in a folder. `SEED=7 npm test -- FILE` repeats the random
// values of that seed. Options are passed to Node: `npm test -- --test-name-pattern=drop web`.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { mergeRuns } from "./merge-runs.ts";
import { installSystemPackages } from "./system-packages.ts";
import { openTestFolder } from "./test-folder.ts";
import { groupTests } from "./test-groups.ts";

const root = join(import.meta.dirname, "..");
installSystemPackages();

const folders = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const options = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
const all = globSync(
  [
    "src/**/*.test.ts",
    "emulators/**/*.test.ts",
    "web/src/**/*.test.ts",
    "scripts/**/*.test.ts",
    "bench/**/*.test.ts",
    "test/**/*.test.ts",
  ],
  { cwd: root },
).sort();
const chosen =
  folders.length === 0
    ? all
    : all.filter((file) => folders.some((folder) => file.startsWith(folder.replace(/^\.\//, ""))));
if (chosen.length === 0) {
  console.error(`No test file lies below ${folders.join(", ")}.`);
  process.exit(1);
}
const built = spawnSync(process.execPath, [join(root, "scripts", "build.ts")], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(1);

const folder = openTestFolder();
Object.assign(process.env, {
  NODE_ENV: "test",
  // Dates are shown in local time; the tests expect those of this zone.
  TZ: "UTC",
  TMPDIR: folder,
  PAN_UNDER_TEST: join(root, "dist", "pan.js"),
  // Share compiled code among the hundreds of processes.
  NODE_COMPILE_CACHE: join(root, ".cache", "compiled"),
});
process.chdir(root);
// Ending the run also ends the running tests.
const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    process.exitCode = 130;
    ending.abort();
  });
}
const cores = Math.max(2, availableParallelism());
const start = (files: readonly string[], concurrency: number) => {
  const tests = run({
    files: [...files],
    concurrency,
    timeout: 300_000,
    signal: ending.signal,
    execArgv: [
      ...(process.env["SEED"] === undefined ? [] : ["--import", join(root, "test", "support", "seed.ts")]),
      ...options,
    ],
  });
  tests.on("test:fail", ({ todo }) => {
    if (todo === undefined || todo === false) process.exitCode ??= 1;
  });
  return tests;
};
const { working, waiting } = groupTests(chosen, { root, folder: join(root, ".cache", "test-groups") });
mergeRuns(
  // One more than there are cores, because many wait for programs they start; with more, browsers and agents would miss their deadlines.
  start(working, cores + 1),
  // Next to them, one at a time, the files that mostly wait.
  start(waiting, 1),
)
  .compose(spec)
  .pipe(process.stdout);
