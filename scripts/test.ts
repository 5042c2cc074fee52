// `npm test`: installs what the tests need, then runs all of them; `npm test -- src/store` runs those below a folder. `SEED=7 npm test -- FILE` repeats what was made up
// with that seed.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { installSystemPackages } from "./system-packages.ts";

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
const result = spawnSync(
  process.execPath,
  [
    "--disable-warning=ExperimentalWarning",
    ...(process.env["SEED"] === undefined ? [] : ["--import", join(root, "test", "support", "seed.ts")]),
    "--test",
    // More at once than there are cores take each other's time: browsers and agents have deadlines.
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    "--test-timeout=300000",
    ...options,
    ...chosen,
  ],
  {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      NODE_ENV: "test",
      PAN_UNDER_TEST: join(root, "dist", "pan.js"),
      // What one process has compiled, the hundreds after it need not compile again.
      NODE_COMPILE_CACHE: join(root, ".cache", "compiled"),
    },
  },
);
process.exit(result.status ?? 1);
