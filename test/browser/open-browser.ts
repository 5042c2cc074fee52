import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { headlessShell } from "./headless-shell.ts";

/** Debian's Chromium in a container, without what it would ask the network for. */
export const chromiumOptions = {
  executablePath: "/usr/bin/chromium",
  headless: true,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

/** Chromium starts two processes for every page that is opened and visited; with one for all pages of a site a visit takes half the processor time. */
const oneRenderer = "--renderer-process-limit=1";

/** A tab; what its console complains about, and what it throws, is collected. */
export type OpenTab = { readonly page: Page; readonly complaints: readonly string[] };

export type TestBrowser = {
  readonly context: BrowserContext;
  open(): Promise<OpenTab>;
  close(): Promise<void>;
};

export type BrowserOptions = {
  /** Added to its command line. */
  readonly switches?: readonly string[];
  /** Whether pages move as they do for most users. Every frame is drawn without a graphics card, so the tests that are about something else do without. */
  readonly moving?: boolean;
  /** Whether it must be the browser as users have it, with what it shows outside of pages, such as notifications. */
  readonly whole?: boolean;
};

/** A real Chromium with a profile of its own that asks no one else for anything. */
export async function openBrowser({
  switches = [],
  moving = false,
  whole = false,
}: BrowserOptions = {}): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), "panopticon-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    ...chromiumOptions,
    executablePath: !whole && existsSync(headlessShell) ? headlessShell : chromiumOptions.executablePath,
    args: [...chromiumOptions.args, oneRenderer, ...switches],
    viewport: { width: 1440, height: 900 },
    reducedMotion: moving ? "no-preference" : "reduce",
    // Playwright's handlers close the browser and leave the process running: a test file that the runner ends would never end.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  context.setDefaultTimeout(30_000);
  return {
    context,
    async open() {
      const page = await context.newPage();
      endRoutesFirst(page);
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (message.type() !== "error") return;
        const { url } = message.location();
        complaints.push(url === "" ? message.text() : `${message.text()} (${url})`);
      });
      return { page, complaints };
    },
    async close() {
      await Promise.all(context.pages().map((page) => page.unrouteAll({ behavior: "ignoreErrors" })));
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** A request that a test still holds back when its tab is closed would otherwise reject with nobody to catch it, and the whole file would be said to have failed. */
function endRoutesFirst(page: Page): void {
  const close = page.close.bind(page);
  page.close = async (options) => {
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await close(options);
  };
}
