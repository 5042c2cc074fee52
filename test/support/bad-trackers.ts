import assert from "node:assert/strict";
import { after, before } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { Finished } from "../../src/cli/fixture.ts";
import type { TrackersShape } from "../../src/server/contract/tracker.ts";
import type { TestBrowser } from "../browser/open-browser.ts";
import { assertQuiet, goToBoard, openBrowser, untilTotal } from "./board.ts";
import { type PanServer, sourceOf } from "./stage.ts";

/** Nothing is polled in between, so that what a command found can be counted. */
export const onDemandOnly = "sync:\n  minInterval: 1h\n";

export type BadTrackers = {
  readonly github: Emulator;
  readonly linear: Emulator;
  /** See `checkBoard`. */
  checkBoard(
    server: PanServer,
    total: number,
    look: (page: Parameters<typeof goToBoard>[0]) => Promise<void>,
  ): Promise<void>;
};

/** Two emulated trackers and a browser, from before the tests of a file until after them; gives what there is while they run. */
export function useBadTrackers(): () => BadTrackers {
  let opened: (BadTrackers & { readonly browser: TestBrowser }) | null = null;
  before(async () => {
    const github = await startEmulator("github", { issues: 20, seed: 3 });
    const linear = await startEmulator("linear", { issues: 20, seed: 3 });
    const browser = await openBrowser();
    opened = { github, linear, browser, checkBoard: (...given) => checkBoard(browser, ...given) };
  });
  after(async () => {
    await opened?.browser.close();
    await opened?.github.close();
    await opened?.linear.close();
  });
  return () => opened ?? assert.fail("the trackers are there while tests run");
}

/** A connection as the server describes it. */
export const trackerOf = ({ trackers }: TrackersShape, connection: string) => {
  const tracker = trackers.find((one) => one.connection === connection);
  assert.ok(tracker, connection);
  return tracker;
};

/** How many issues there are in all, or in these, of an emulator's sources. */
export const count = (emulator: Emulator, ...indexes: number[]) =>
  indexes.reduce((sum, index) => sum + emulator.world.issues(sourceOf(emulator, index)).length, 0);

/** What a command prints: the exit code, these words, and neither a stack nor a secret. */
export function saysWithout(result: Finished, code: number, words: RegExp, secret?: string): void {
  const all = `${result.stdout}${result.stderr}`;
  assert.equal(result.code, code, all);
  assert.match(all, words);
  assert.doesNotMatch(all, /\n\s+at |went wrong inside/);
  if (secret !== undefined) assert.ok(!all.includes(secret), "the secret is printed");
}

/** What every bad input must be on the board: the message, and the issues that were mirrored. */
async function checkBoard(
  browser: TestBrowser,
  server: PanServer,
  total: number,
  look: (page: Parameters<typeof goToBoard>[0]) => Promise<void>,
): Promise<void> {
  const { page, complaints } = await browser.open();
  await goToBoard(page, server);
  await look(page);
  await untilTotal(page, total);
  assertQuiet(complaints);
  await page.close();
}
