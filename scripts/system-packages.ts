import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { firefoxPath } from "../test/browser/firefox-path.ts";
import { headlessShell } from "../test/browser/headless-shell.ts";

/** Programs the tests need. Each is found by any of its paths. */
const needs: { name: string; debian: readonly string[]; found: () => boolean }[] = [
  {
    name: "Chromium", // Without any font, text has no width.
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

/** Debian packages the tests do without: a cheaper Chromium, and a second browser. */
const wishes: { name: string; found: () => boolean }[] = [
  { name: "chromium-headless-shell", found: () => existsSync(headlessShell) },
  { name: "firefox-esr", found: () => existsSync(firefoxPath) },
];

function onPath(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
}

/** The command that can install packages, as root or with password-less sudo; null: none. */
function findAptGet(): readonly string[] | null {
  if (!onPath("apt-get")) return null;
  if (process.getuid?.() === 0) return ["apt-get"];
  const permitted = spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  return permitted ? ["sudo", "-n", "apt-get"] : null;
}

/** Runs apt-get; returns whether it succeeded. `quiet`: hides its errors. */
function run([command = "apt-get", ...words]: readonly string[], { quiet }: { readonly quiet: boolean }): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, words, { stdio: ["ignore", "ignore", quiet ? "ignore" : "inherit"], env }).status === 0;
}

/**
 * Installs the Debian packages the tests need, and those they use if they are there, if apt-get is permitted. Exits, naming them, if required packages are still
 * missing.
 */
export function installSystemPackages(): void {
  const missing = needs.filter((need) => !need.found());
  const wished = wishes.filter((wish) => !wish.found());
  if (missing.length === 0 && wished.length === 0) return;
  const aptGet = findAptGet();
  if (aptGet !== null) {
    const install = [...aptGet, "install", "-y", "--no-install-recommends"];
    if (missing.length > 0) {
      const packages = missing.flatMap((need) => need.debian);
      console.error(`Installing ${packages.join(", ")} with apt-get…`);
      if (run([...aptGet, "update"], { quiet: false })) run([...install, ...packages], { quiet: false });
    }
    for (const { name } of wished) installWished(install, name);
  }
  const still = needs.filter((need) => !need.found());
  if (still.length === 0) return;
  console.error(
    `The tests need ${still.map((need) => need.name).join(", ")}, and could not install it.\n` +
      `Install it, on Debian with: sudo apt-get install ${still.flatMap((need) => need.debian).join(" ")}`,
  );
  process.exit(1);
}

/** Silent if it is unavailable, because the tests work without it. Debian ties the headless shell's version to that of `chromium`. */
function installWished(install: readonly string[], name: string): void {
  if (!run([...install, "--simulate", "--no-remove", name], { quiet: true })) return;
  console.error(`Installing ${name} with apt-get…`);
  const patience = ["Acquire::Retries=0", "Acquire::http::Timeout=10", "Acquire::https::Timeout=10"];
  run([...install, "--no-remove", ...patience.flatMap((option) => ["-o", option]), name], { quiet: true });
}
