import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** What the tests run on for real. Each entry is found by any of its places. */
const needs: { name: string; debian: readonly string[]; found: () => boolean }[] = [
  {
    name: "Chromium", // Without any font a page has no text to measure.
    debian: ["chromium", "fonts-dejavu-core"],
    found: () => existsSync("/usr/bin/chromium"),
  },
  { name: "PostgreSQL's server", debian: ["postgresql"], found: () => existsSync("/usr/lib/postgresql") },
  { name: "git", debian: ["git"], found: () => onPath("git") },
  {
    name: "tmux",
    debian: ["tmux"],
    found: () => spawnSync("tmux", ["-V"], { stdio: "ignore" }).status === 0,
  },
  {
    name: "OpenSSL",
    debian: ["openssl"],
    found: () => spawnSync("openssl", ["version"], { stdio: "ignore" }).status === 0,
  },
];

function onPath(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
}

/**
 * Installs the Debian packages the tests need, through apt-get as root or with sudo's silent permission.
 * Ends the process with the missing packages' names where that is not possible.
 */
export function installSystemPackages(): void {
  const missing = needs.filter((need) => !need.found());
  if (missing.length === 0) return;
  const packages = missing.flatMap((need) => need.debian);
  const prefix = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  if (
    onPath("apt-get") &&
    (prefix.length === 0 || spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0)
  ) {
    console.error(`Installing ${packages.join(", ")} with apt-get…`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
      const [command = "apt-get", ...rest] = [...prefix, "apt-get", ...args];
      const result = spawnSync(command, rest, { stdio: ["ignore", "ignore", "inherit"], env });
      if (result.status !== 0) break;
    }
  }
  const still = needs.filter((need) => !need.found());
  if (still.length === 0) return;
  console.error(
    `The tests need ${still.map((need) => need.name).join(", ")}, and could not install it.\n` +
      `Install it, on Debian with: sudo apt-get install ${still.flatMap((need) => need.debian).join(" ")}`,
  );
  process.exit(1);
}
