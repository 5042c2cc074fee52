import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { headlessShell } from "./headless-shell.ts";

/** Debian's Chromium in a container, without its own network requests. */
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

/** Chromium starts two processes for every page; sharing one among a site's pages halves the CPU time of a visit. */
const oneRenderer = "--renderer-process-limit=1";

/** A tab; console errors and exceptions are collected in `complaints`. */
export type OpenTab = { readonly page: Page; readonly complaints: readonly string[] };

export type TestBrowser = {
  readonly context: BrowserContext;
  open(): Promise<OpenTab>;
  close(): Promise<void>;
};

export type BrowserOptions = {
  /** Additional command-line switches. */
  readonly switches?: readonly string[];
  /** Whether animations run, as for most users. Without a graphics card every frame is costly, so most tests turn them off. */
  readonly moving?: boolean;
  /** Whether the full browser is needed, with UI outside pages, such as notifications. */
  readonly whole?: boolean;
};

/** A real Chromium with its own profile and no network access beyond the test. */
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
    // Playwright's handlers close the browser but keep the process running, so a test file ended by the runner would never exit.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  return asTestBrowser(context, profile);
}

/** The tabs of a browser whose profile is removed with it. */
export function asTestBrowser(context: BrowserContext, profile: string): TestBrowser {
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

/** Without this, a request that a test still holds when its tab closes would reject uncaught and fail the whole file. */
function endRoutesFirst(page: Page): void {
  const close = page.close.bind(page);
  page.close = async (options) => {
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await close(options);
  };
}
