import type { Page } from "playwright-core";
import type { Random } from "../../../emulators/seed/random.ts";
import { findSpot } from "./spots.ts";
import type { RandomStage } from "./random-stage.ts";

/** What an action can use. */
export type Scene = {
  readonly stage: RandomStage;
  readonly random: Random;
  readonly page: Page;
  /** The user's other tab. */
  readonly other: Page;
  /** Records what an action did, in a few words. */
  readonly note: (words: string) => void;
  /** A unique word. */
  readonly token: () => string;
};

export type Action = {
  readonly name: string;
  /** Relative frequency. */
  readonly weight: number;
  /** Whether the focus may legitimately end nowhere, because the action leads out of the page. */
  readonly leavesPage?: boolean;
  readonly run: (scene: Scene) => Promise<void>;
};

/** Chooses an action by weight. */
export function pickAction(random: Random, from: readonly Action[]): Action {
  let at = random.next() * from.reduce((sum, { weight }) => sum + weight, 0);
  for (const action of from) {
    at -= action.weight;
    if (at < 0) return action;
  }
  throw new Error("nothing to pick from");
}

/** Clicks a random element that matches; returns whether there was one. */
export async function clickOn(scene: Scene, selector: string, options: { modifiers?: boolean } = {}): Promise<boolean> {
  const { page, random, note } = scene;
  const spot = await findSpot(page, random, selector);
  if (spot === null) return false;
  note(`click ${spot.words}`);
  const shift = options.modifiers === true && random.chance(0.15);
  if (shift) await page.keyboard.down("Shift");
  await page.mouse.click(spot.x, spot.y);
  if (shift) await page.keyboard.up("Shift");
  return true;
}

/** Presses keys one after another. */
export async function press(scene: Scene, ...keys: string[]): Promise<void> {
  scene.note(`press ${keys.join(" ")}`);
  for (const key of keys) await scene.page.keyboard.press(key);
}

/** Focuses a visible card or row, as with Tab. */
export async function focusCard({ page, random, note }: Scene): Promise<void> {
  const spot = await findSpot(page, random, ".card[data-ref], .row-link");
  if (spot === null) return;
  note(`focus ${spot.words}`);
  await page.evaluate(({ x, y }) => {
    document.elementFromPoint(x, y)?.closest<HTMLElement>(".card[data-ref], .row-link")?.focus();
  }, spot);
}

/** How long a user waits for something before moving on, in milliseconds. */
const patienceMs = 500;

/** Waits for an element; returns false if it does not appear soon. */
export async function isThereSoon({ page }: Scene, selector: string): Promise<boolean> {
  try {
    await page.locator(selector).first().waitFor({ timeout: patienceMs });
    return true;
  } catch {
    return false;
  }
}
