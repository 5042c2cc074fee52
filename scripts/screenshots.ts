// `npm run screenshots`: every page of the demo in both themes and three widths, into .cache/screenshots, and the few that the README shows into docs/screenshots.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { chromiumOptions } from "../test/browser/open-browser.ts";
import { installSystemPackages } from "./system-packages.ts";

const root = join(import.meta.dirname, "..");
const all = join(root, ".cache", "screenshots");
const shown = join(root, "docs", "screenshots");

type Shot = { readonly name: string; readonly path: string; readonly prepare?: (page: Page) => Promise<void> };

const shots: readonly Shot[] = [
  { name: "board", path: "/" },
  { name: "board-filtered", path: "/?assignee=me&sort=updated" },
  { name: "no-results", path: "/?q=nothing-has-this-word" },
  {
    name: "issue",
    path: "/",
    prepare: async (page) => {
      await page.locator("[data-ref]").nth(2).click();
      await page.getByText("Activity").waitFor();
      await settle(page);
    },
  },
  {
    name: "palette",
    path: "/",
    prepare: async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("carrier");
      await page.getByText("Filter the board").waitFor();
    },
  },
  { name: "settings-trackers", path: "/settings" },
  { name: "settings-projects", path: "/settings/projects" },
];

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];

/** What the README shows: name and theme, at the widest. */
const inReadme = new Set(["board dark", "issue light"]);

async function startDemo(): Promise<{ address: string; stop(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), "panopticon-screenshots-"));
  const child = spawn(process.execPath, [join(root, "scripts", "start.ts"), "demo", "--no-open", "--port", "0"], {
    env: { ...process.env, PANOPTICON_HOME: home },
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
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Nothing is loading any more, and what came is painted. */
async function settle(page: Page): Promise<void> {
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  await page.evaluate(
    "document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))",
  );
}

installSystemPackages();
await Promise.all([mkdir(all, { recursive: true }), mkdir(shown, { recursive: true })]);
const demo = await startDemo();
const browser = await chromium.launch(chromiumOptions);
try {
  const { origin } = new URL(demo.address);
  for (const colorScheme of ["dark", "light"] as const) {
    for (const viewport of sizes) {
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      await page.goto(demo.address);
      await page.locator("[data-ref]").first().waitFor();
      for (const shot of shots) {
        await page.goto(`${origin}${shot.path}`);
        await page.locator("main").first().waitFor();
        await settle(page);
        await shot.prepare?.(page);
        const path = join(all, `${shot.name}-${viewport.width}-${colorScheme}.png`);
        await page.screenshot({ path });
        if (viewport.width === 1440 && inReadme.has(`${shot.name} ${colorScheme}`)) {
          await page.screenshot({ path: join(shown, `${shot.name}-${colorScheme}.png`) });
        }
      }
      await context.close();
    }
  }
  console.log(`${shots.length * sizes.length * 2} screenshots are in .cache/screenshots.`);
} finally {
  await browser.close();
  await demo.stop();
}
