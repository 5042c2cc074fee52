import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { after, before } from "./support/hooks.ts";

const root = join(import.meta.dirname, "..");

/** What npm would install, in a folder without the checkout's packages; and a home. */
const installed = mkdtempSync(join(tmpdir(), "panopticon-bundle-"));
const dist = join(installed, "dist");
const pan = join(dist, "pan.js");
before(() => {
  cpSync(join(root, "dist"), dist, { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
});
after(() => rmSync(installed, { recursive: true, force: true }));

const env = { PATH: process.env["PATH"] ?? "", HOME: installed, PANOPTICON_HOME: installed, CI: "1" };
const run = (args: readonly string[], more: Record<string, string> = {}) =>
  spawnSync(process.execPath, [pan, ...args], { env: { ...env, ...more }, cwd: installed, encoding: "utf8" });

test("the shipped pan needs no package", () => {
  assert.match(run(["--version"]).stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal((JSON.parse(run(["issues", "--json"]).stdout) as { total: number }).total, 0);
  assert.equal(run(["doctor"]).status, 0);
  assert.equal(run(["isues"]).status, 2);
  const { status, stderr } = run(["issues"], { DATABASE_URL: "postgres://127.0.0.1:1/nothing" });
  assert.equal(status, 1);
  assert.doesNotMatch(stderr, /Cannot find|went wrong inside/);
});

test("only the demo loads the emulators", () => {
  const listing = readdirSync(dist).find((name) => name.startsWith("pan-listing-"));
  assert.ok(listing);
  for (const name of ["pan.js", listing])
    assert.ok(!readFileSync(join(dist, name), "utf8").includes("Harborline"), name);
});

test(
  "pan.js is executable",
  { skip: process.platform === "win32" && "Windows has no mode that lets a file be run" },
  () => {
    assert.match(readFileSync(pan, "utf8"), /^#!\/usr\/bin\/env node\n/);
    assert.notEqual(statSync(pan).mode & 0o111, 0);
  },
);

test("the shipped demo serves its board, and ends on SIGTERM", { timeout: 60_000 }, async () => {
  const demo = spawn(process.execPath, [pan, "demo", "--port", "0", "--no-open", "--issues", "10"], {
    env,
    cwd: installed,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => demo.once("exit", resolve));
  try {
    let output = "";
    for await (const part of demo.stdout.setEncoding("utf8")) {
      output += String(part);
      if (/Open \S+\n/.test(output)) break;
    }
    const address = /Open (\S+)/.exec(output)?.[1] ?? "";
    const signedIn = await fetch(address, { redirect: "manual" });
    assert.equal(signedIn.status, 303);
    const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
    const page = await fetch(new URL(address).origin, { headers: { cookie } });
    assert.match(await page.text(), /<div id="root">|<script/);
    const board = await fetch(`${new URL(address).origin}/api/board`, { headers: { cookie } });
    assert.equal(board.status, 200);
  } finally {
    demo.kill("SIGTERM");
    assert.equal(await ended, 0);
  }
});
