import assert from "node:assert/strict";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { Finished } from "../../src/cli/fixture.ts";
import type { TrackersShape } from "../../src/server/contract/tracker.ts";
import type { TestBrowser } from "../browser/open-browser.ts";
import { after, before } from "./hooks.ts";
import { assertQuiet, goToBoard, openBrowser, untilTotal } from "./board.ts";
import { type PanServer, sourceOf } from "./stage.ts";

/** Prevents polls, so that the effect of a command can be counted. */
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

/** Two emulated trackers and a browser for all tests of a file; returns a function that gives them while they run. */
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

/** The number of issues in an emulator's sources at these indexes, or in all of them. */
export const count = (emulator: Emulator, ...indexes: number[]) =>
  indexes.reduce((sum, index) => sum + emulator.world.issues(sourceOf(emulator, index)).length, 0);

/** Asserts a command's exit code and output, and that it contains neither a stack nor a secret. */
export function saysWithout(result: Finished, code: number, words: RegExp, secret?: string): void {
  const all = `${result.stdout}${result.stderr}`;
  assert.equal(result.code, code, all);
  assert.match(all, words);
  assert.doesNotMatch(all, /\n\s+at |went wrong inside/);
  if (secret !== undefined) assert.ok(!all.includes(secret), "the secret is printed");
}

/** Asserts how bad input appears on the board: the message, and the issues mirrored before. */
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
