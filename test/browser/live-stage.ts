import type { Page } from "playwright-core";
import type { Emulator } from "../../emulators/emulator.ts";
import type { PanHome } from "../../src/cli/fixture.ts";
import { goToBoard } from "../support/board.ts";
import { isSynced, makeHome, type PanServer, startPan, untilTrackers } from "../support/stage.ts";
import { type BrowserOptions, openBrowser, type TestBrowser } from "./open-browser.ts";

export type LiveStage = {
  readonly home: PanHome;
  readonly server: PanServer;
  readonly browser: TestBrowser;
  /** A new tab with the board and its cards rendered. */
  openBoard(): Promise<Page>;
  /** Also stops the emulators. */
  close(): Promise<void>;
};

/** A browser and a `pan up` that has mirrored emulators; `projects`: the content of projects.yaml. */
export async function openLiveStage(options: {
  readonly emulators: readonly Emulator[];
  readonly projects: string;
  readonly browser?: BrowserOptions;
}): Promise<LiveStage> {
  const { emulators, projects } = options;
  const home = makeHome({ emulators: [...emulators], projects });
  const server = await startPan(home);
  await untilTrackers(server, (shape) => isSynced(shape), "synced");
  const browser = await openBrowser(options.browser);
  browser.context.setDefaultTimeout(45_000);
  return {
    home,
    server,
    browser,
    async openBoard() {
      const { page } = await browser.open();
      await goToBoard(page, server);
      await page.waitForSelector(".card[data-ref]");
      return page;
    },
    async close() {
      await browser.close();
      await server.stop();
      await Promise.all(emulators.map((emulator) => emulator.close()));
      await home[Symbol.asyncDispose]();
    },
  };
}

/** The selector of a card in a column. */
export const cardIn = (status: string, ref: string) => `.column[data-status=${status}] .card[data-ref="${ref}"]`;
