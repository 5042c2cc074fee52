// Runs a task of this checkout on a machine with nothing but some Node (20 or newer) and npm: installs what package-lock.json pins, under the pinned Node, then
// hands over to that Node. Plain JavaScript without dependencies, because it runs before there are any.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === "win32";

const tasks = {
  start: ["scripts/start.ts", "up"],
  demo: ["scripts/start.ts", "demo"],
  pan: ["src/cli/main.ts"],
  test: ["scripts/test.ts"],
  check: ["scripts/check.ts"],
  bench: ["bench/main.ts"],
  "bench:peers": ["bench/main.ts", "--only", "peers-first-sync,peers-gh,peers-hour"],
  build: ["scripts/build.ts"],
  emulators: ["emulators/main.ts"],
  screenshots: ["scripts/screenshots.ts"],
};

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function run(command, args, env = process.env) {
  const result = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: ["ignore", 2, 2],
    shell: windows && !command.endsWith(".exe"),
  });
  if (result.error) fail(`${command} could not be started: ${result.error.message}`);
  return result.status ?? 1;
}

/** Runs the npm that started this script, with `node`, so that no other version on PATH is used. */
function npm(node, args, env) {
  const npmCli = process.env.npm_execpath;
  return npmCli && /\.c?js$/.test(npmCli) ? run(node, [npmCli, ...args], env) : run("npm", args, env);
}

function nodeIn(folder) {
  return join(folder, "node_modules", "node", "bin", windows ? "node.exe" : "node");
}

/** Returns the pinned Node, from `node_modules` or, before that exists, from a small installation of its own. */
function install() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const marker = join(root, "node_modules", ".panopticon-install");
  const wanted = createHash("sha256").update(lock).digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted && existsSync(nodeIn(root))) return;

  const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies.node;
  process.stderr.write(`Installing the packages that package-lock.json pins (once, about a minute)…\n`);
  let node = process.execPath;
  let env = process.env;
  // Optional native packages declare the Node versions they support, and npm skips those its own Node is too old for.
  if (process.version !== `v${version}`) {
    const folder = join(root, ".cache", `node-${version}`);
    mkdirSync(folder, { recursive: true });
    if (!existsSync(nodeIn(folder))) {
      writeFileSync(
        join(folder, "package.json"),
        `${JSON.stringify({ private: true, allowScripts: { node: true } })}\n`,
      );
      if (
        npm(node, ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", `node@${version}`], {
          ...env,
          npm_config_prefix: undefined,
        }) !== 0
      ) {
        fail(`Node ${version} could not be installed from the npm registry. Is the registry reachable?`);
      }
    }
    node = nodeIn(folder);
    env = { ...env, PATH: `${dirname(node)}${delimiter}${env.PATH ?? ""}` };
  }
  // Not `npm ci`: it rejects a lockfile without other platforms' optional packages, which not every registry provides.
  if (npm(node, ["install", "--no-save", "--no-audit", "--no-fund"], env) !== 0) {
    fail("npm install failed; its own message is above. After mending it, run the same command again.");
  }
  writeFileSync(marker, wanted);
}

const [task, ...rest] = process.argv.slice(2);
const script = tasks[task];
if (!script) fail(`Unknown task ${task ?? ""}. There are: ${Object.keys(tasks).join(", ")}.`);
if (Number(process.versions.node.split(".")[0]) < 20)
  fail(`Panopticon needs Node 20 or newer to set itself up; this is ${process.version}.`);
install();

const node = nodeIn(root);
const child = spawn(
  node,
  ["--disable-warning=ExperimentalWarning", join(root, script[0]), ...script.slice(1), ...rest],
  {
    stdio: "inherit",
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` },
    // npm changes to the checkout, but `pan` must run in the user's working directory.
    cwd: ["pan", "start"].includes(task) ? (process.env.INIT_CWD ?? process.cwd()) : root,
  },
);
// Ctrl-C reaches both processes; forward other signals. The child decides when it is done.
process.on("SIGINT", () => undefined);
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.once("error", (error) => fail(error.message));
child.once("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
