import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { after, before } from "./support/hooks.ts";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "panopticon-package-"));
const prefix = join(folder, "prefix");
const bin = join(prefix, "bin", "pan");
const hasNpm = spawnSync("npm", ["--version"]).status === 0;

/** Runs npm with an empty home and cache: tests use no registry, so everything installed comes from the package. */
const npm = (...args: string[]) => npmIn(root, ...args);
const npmIn = (cwd: string, ...args: string[]) =>
  spawnSync("npm", args, {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, npm_config_cache: join(folder, "cache") },
    encoding: "utf8",
    timeout: 120_000,
  });

/** A plain user environment: no packages of the checkout, no keys, this Node first. */
const env = { PATH: `${join(process.execPath, "..")}:/usr/bin:/bin`, HOME: folder, PANOPTICON_HOME: folder, CI: "1" };
const pan = (...args: string[]) => spawnSync(bin, args, { env, cwd: folder, encoding: "utf8" });

const notices = "dist/THIRD-PARTY-NOTICES.txt";

type Packed = { readonly filename: string; readonly files: readonly { readonly path: string }[] };
let packed: Packed;

describe("the package that npm pack makes", { skip: hasNpm ? false : "npm is not installed" }, () => {
  before(() => {
    const made = npm("pack", "--json", "--ignore-scripts", "--pack-destination", folder);
    assert.equal(made.status, 0, made.stderr);
    [packed = { filename: "", files: [] }] = JSON.parse(made.stdout) as Packed[];
    const tarball = join(folder, packed.filename);
    const installed = npm("install", "--global", "--prefix", prefix, "--offline", "--no-audit", "--no-fund", tarball);
    assert.equal(installed.status, 0, installed.stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("packing builds it: a clone has no dist", { timeout: 120_000 }, () => {
    const clone = join(folder, "clone");
    assert.equal(spawnSync("git", ["clone", "-q", root, clone]).status, 0);
    symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
    const made = npmIn(clone, "pack", "--json", "--dry-run");
    assert.equal(made.status, 0, made.stderr);
    const [{ files } = { files: [] }] = JSON.parse(made.stdout) as Packed[];
    for (const wanted of ["dist/pan.js", "dist/web/index.html"])
      assert.ok(
        files.some(({ path }) => path === wanted),
        wanted,
      );
  });

  test("contains what is shipped and nothing else", () => {
    const paths = packed.files.map(({ path }) => path);
    for (const path of ["package.json", "README.md", "LICENSE", "dist/pan.js", "dist/web/index.html", notices]) {
      assert.ok(paths.includes(path), path);
    }
    for (const path of paths) {
      assert.match(
        path,
        /^(package\.json|README\.md|CONTRIBUTING\.md|LICENSE|docs\/([\w-]+\.md|screenshots\/board-dark\.png)|dist\/(pan[\w.-]*\.js|THIRD-PARTY-NOTICES\.txt|web\/.*))$/,
        path,
      );
    }
  });

  test("contains the pages that its README and its hints refer to", () => {
    const installed = join(prefix, "lib", "node_modules", "panopticon");
    const readme = readFileSync(join(installed, "README.md"), "utf8");
    const named = [...readme.matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, path = ""]) => path);
    assert.ok(named.includes("docs/webhooks.md"));
    for (const path of named) assert.ok(existsSync(join(installed, path)), path);
    writeFileSync(join(folder, ".panopticon.env"), "LINEAR_API_KEY=lin_api_x\n", { mode: 0o600 });
    const { stderr } = pan("webhooks", "linear", "--create");
    rmSync(join(folder, ".panopticon.env"));
    const [page = ""] = /\S+webhooks\.md/.exec(stderr) ?? [];
    assert.equal(page, join(installed, "docs", "webhooks.md"), stderr);
    assert.ok(existsSync(page));
  });

  test("contains the licences of everything in it", () => {
    const text = readFileSync(join(prefix, "lib", "node_modules", "panopticon", notices), "utf8");
    for (const name of ["react", "dompurify", "kysely", "hono", "@modelcontextprotocol/sdk"]) {
      assert.match(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)\n\n.{8,}`, "m"), name);
    }
    assert.ok(text.includes("Permission is hereby granted, free of charge"));
  });

  test("npm installs it globally without any other package", () => {
    assert.deepEqual(readdirSync(join(prefix, "lib", "node_modules")), ["panopticon"]);
    assert.ok(!readdirSync(join(prefix, "lib", "node_modules", "panopticon")).includes("node_modules"));
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { engines: { node: string } };
    assert.equal(engines.node, ">=24");
  });

  test("runs from a clean prefix", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    assert.equal(pan("--version").stdout, `${version}\n`);
    assert.equal(pan("completion", "bash").status, 0);
    assert.equal((JSON.parse(pan("issues", "--json").stdout) as { total: number }).total, 0);
  });

  test("pan up serves the board", { timeout: 60_000 }, async () => {
    const up = spawn(bin, ["up", "--port", "0", "--no-open"], {
      env,
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise<number | null>((resolve) => up.once("exit", resolve));
    try {
      let output = "";
      for await (const part of up.stdout.setEncoding("utf8")) {
        output += String(part);
        if (/Open \S+\n/.test(output)) break;
      }
      const address = new URL(/Open (\S+)/.exec(output)?.[1] ?? "");
      const signedIn = await fetch(address, { redirect: "manual" });
      const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
      const page = await fetch(address.origin, { headers: { cookie } });
      const [, script = ""] = /<script[^>]+src="([^"]+)"/.exec(await page.text()) ?? [];
      assert.equal((await fetch(address.origin + script, { headers: { cookie } })).status, 200);
      assert.equal((await fetch(`${address.origin}/api/board`, { headers: { cookie } })).status, 200);
    } finally {
      up.kill("SIGTERM");
      assert.equal(await ended, 0);
    }
  });
});
