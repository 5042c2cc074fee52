import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Emulator, WorldIssue } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { OutboxShape } from "../../src/server/contract/change.ts";
import type { IssueDetailShape, IssueListShape } from "../../src/server/contract/issue.ts";
import { goToBoard } from "../support/board.ts";
import {
  eventually,
  isSynced,
  makeHome,
  oneProject,
  type PanServer,
  startPan,
  untilTrackers,
} from "../support/stage.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";

export type ChangesStage = {
  readonly github: Emulator;
  readonly linear: Emulator;
  readonly server: PanServer;
  readonly browser: TestBrowser;
  /** A new tab with the board, its cards drawn. */
  openBoard(): Promise<Page>;
  /** The first issue of a tracker in a status. */
  issueIn(tracker: string, status: string): Promise<IssueDetailShape>;
  read(address: string): Promise<IssueDetailShape>;
  /** What is on the screen may not have reached the server yet. */
  untilTaken(address: string, status: string): Promise<true>;
  /** Waits until nothing is on its way, or all that is left needs the user. */
  untilSettled(): Promise<true>;
  close(): Promise<void>;
};

/** A browser on a server that mirrors a GitHub and a Linear emulator. */
export async function openChangesStage(): Promise<ChangesStage> {
  const github = await startEmulator("github", { issues: 24, seed: 5, sources: 1 });
  const linear = await startEmulator("linear", { issues: 24, seed: 5, sources: 1 });
  const home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });
  const server = await startPan(home);
  await untilTrackers(server, (shape) => isSynced(shape), "synced");
  const browser = await openBrowser({ moving: true });
  browser.context.setDefaultTimeout(45_000);
  const read = (address: string) => server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(address)}`);
  return {
    github,
    linear,
    server,
    browser,
    async openBoard() {
      const { page } = await browser.open();
      await goToBoard(page, server);
      await page.waitForSelector(".card[data-ref]");
      return page;
    },
    async issueIn(tracker, status) {
      const { issues } = await server.get<IssueListShape>(`/api/issues?tracker=${tracker}&status=${status}&limit=1`);
      const [issue] = issues;
      assert.ok(issue, `${tracker} has nothing in ${status}`);
      return read(issue.address);
    },
    read,
    untilTaken: (address, status) =>
      eventually(async () => ((await read(address)).status === status ? true : undefined), `${address} is ${status}`),
    untilSettled: () =>
      eventually(async () => {
        const { operations } = await server.get<OutboxShape>("/api/outbox");
        return operations.every(({ state }) => state === "refused" || state === "conflict") ? true : undefined;
      }, "the outbox is settled"),
    async close() {
      await browser.close();
      await server.stop();
      await Promise.all([github.close(), linear.close()]);
    },
  };
}

/** An issue as its tracker has it. */
export function inWorld(emulator: Emulator, { nativeId }: IssueDetailShape): WorldIssue {
  const found = emulator.world.issues().find((issue) => issue.nativeId === nativeId);
  assert.ok(found, nativeId);
  return found;
}

/** The selector of a card in its column. */
export const cardIn = (status: string, ref: string) => `.column[data-status=${status}] .card[data-ref="${ref}"]`;
