// `npm run screenshots`: every page and state of the demo in both themes and three widths, into .cache/screenshots, and those in the README into
// docs/screenshots. `-- --only NAME,NAME` takes some of them.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { chromiumOptions } from "../test/browser/open-browser.ts";
import { parseArgs } from "node:util";
import { makeScene } from "./screenshot-scene.ts";
import { firstRunShots } from "./screenshot-settings-shots.ts";
import type { Shot } from "./screenshot-shot.ts";
import { calmShots, troubledShots } from "./screenshot-shots.ts";
import { installSystemPackages } from "./system-packages.ts";

const root = join(import.meta.dirname, "..");
const all = join(root, ".cache", "screenshots");
const shown = join(root, "docs", "screenshots");

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];

/** The README's screenshots: name and theme, at the widest. */
const inReadme = new Set(["board dark", "issue light"]);

/** Starts `pan demo`, or `pan up` in an empty home. */
async function start(command: "demo" | "up"): Promise<{ address: string; home: string; stop(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), "panopticon-screenshots-"));
  const child = spawn(process.execPath, [join(root, "scripts", "start.ts"), command, "--no-open", "--port", "0"], {
    env: command === "demo" ? { ...process.env, PANOPTICON_HOME: home } : { PANOPTICON_HOME: home, HOME: home },
    cwd: command === "demo" ? root : home,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const address = await new Promise<string>((resolve, reject) => {
    let text = "";
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const found = /Open (http\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", () => reject(new Error(text)));
  });
  return {
    address,
    home: join(home, ".panopticon", "demo"),
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Waits until nothing is loading and everything is painted. */
async function settle(page: Page): Promise<void> {
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  await page.evaluate(
    "document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))",
  );
}

const { values } = parseArgs({ options: { only: { type: "string" } } });
const only = values.only?.split(",");
installSystemPackages();
await Promise.all([mkdir(all, { recursive: true }), mkdir(shown, { recursive: true })]);
const demo = await start("demo");
const empty = await start("up");
const browser = await chromium.launch(chromiumOptions);
let taken = 0;
try {
  const { origin, searchParams } = new URL(demo.address);
  await takeAll(calmShots, demo.address);
  await takeAll(firstRunShots, empty.address);
  const token = searchParams.get("token") ?? "";
  const troubled = await makeScene({ url: origin, token, home: demo.home });
  await takeAll(troubledShots(troubled), demo.address);
  console.log(`${taken} screenshots are in .cache/screenshots.`);
} finally {
  await browser.close();
  await Promise.all([demo.stop(), empty.stop()]);
}

async function takeAll(shots: readonly Shot[], address: string): Promise<void> {
  const wanted = shots.filter(({ name }) => only === undefined || only.includes(name));
  if (wanted.length === 0) return;
  for (const colorScheme of ["dark", "light"] as const) {
    for (const viewport of sizes) {
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      await page.goto(address);
      await page.locator("[data-ref], .first-run").first().waitFor();
      for (const shot of wanted) {
        if (shot.wide === true && viewport.width < 720) continue;
        await take(page, new URL(shot.path, address), shot, `${shot.name}-${viewport.width}-${colorScheme}`);
        if (viewport.width === 1440 && inReadme.has(`${shot.name} ${colorScheme}`)) {
          await page.screenshot({ path: join(shown, `${shot.name}-${colorScheme}.png`) });
        }
      }
      await context.close();
    }
  }
}

async function take(page: Page, place: URL, shot: Shot, name: string): Promise<void> {
  await page.goto(place.href);
  await page.locator("main").first().waitFor();
  await settle(page);
  await shot.prepare?.(page);
  await settle(page);
  await page.screenshot({ path: join(all, `${name}.png`) });
  await page.context().setOffline(false);
  taken += 1;
}
