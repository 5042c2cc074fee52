import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { signIn } from "../support/board.ts";
import { fillStore } from "../support/invented-issues.ts";
import { type HarnessOptions, type ServerHarness, startServerHarness } from "../support/server-harness.ts";
import { type BrowserOptions, openBrowser, type OpenTab, type TestBrowser } from "./open-browser.ts";

const webRoot = join(import.meta.dirname, "../../dist/web");

export type DashboardStage = {
  readonly harness: ServerHarness;
  readonly browser: TestBrowser;
  /** A new signed-in tab without a page; the browser's size by default. */
  newTab(size?: Size): Promise<OpenTab>;
  /** A new signed-in tab at a path of the dashboard. */
  open(path?: string, size?: Size): Promise<OpenTab>;
  /** The same, waiting for issues: cards of the board or rows of the list. */
  openBoard(path?: string, size?: Size): Promise<OpenTab>;
  close(): Promise<void>;
};

/** In CSS pixels. */
export type Size = { readonly width: number; readonly height: number };

export type DashboardOptions = Omit<HarnessOptions, "webRoot"> & {
  /** How many made-up issues each source has, unless `prepare` fills the mirror. */
  readonly issues?: number;
};

/** A server with the built dashboard and a mirror of made-up issues. Throws with instructions if the dashboard is not built. */
export function startDashboard({ issues = 20, ...options }: DashboardOptions = {}): Promise<ServerHarness> {
  assert.ok(existsSync(join(webRoot, "index.html")), "the dashboard is not built: npm run build");
  return startServerHarness({ prepare: (store) => fillStore(store, issues, Date.now()), ...options, webRoot });
}

/** A browser for such a server. */
export async function openDashboardStage({
  browser: browserOptions = {},
  ...options
}: DashboardOptions & { readonly browser?: BrowserOptions } = {}): Promise<DashboardStage> {
  const harness = await startDashboard(options);
  const browser = await openBrowser(browserOptions);

  async function newTab(size?: Size): Promise<OpenTab> {
    const tab = await browser.open();
    if (size !== undefined) await tab.page.setViewportSize(size);
    await signIn(tab.page, harness.server.openAddress());
    return tab;
  }

  async function open(path = "/", size?: Size): Promise<OpenTab> {
    const tab = await newTab(size);
    await tab.page.goto(new URL(path, harness.url).href);
    return tab;
  }

  return {
    harness,
    browser,
    newTab,
    open,
    async openBoard(path, size) {
      const tab = await open(path, size);
      await tab.page.locator(".card[data-ref], .row-link[data-ref]").first().waitFor();
      return tab;
    },
    async close() {
      await browser.close();
      await harness.close();
    },
  };
}
