import { type Action, clickOn } from "../action.ts";
import { findSpot } from "../spots.ts";
import { interactive } from "./interactive.ts";

/** Clicks whatever is there. */
export const pointerActions: readonly Action[] = [
  { name: "click", weight: 16, run: async (scene) => void (await clickOn(scene, interactive, { modifiers: true })) },
  {
    name: "click card",
    weight: 8,
    run: async (scene) => void (await clickOn(scene, ".card[data-ref], .row-link", { modifiers: true })),
  },
  {
    name: "click within",
    weight: 14,
    run: async (scene) =>
      void (await clickOn(
        scene,
        `:is([role=dialog], [role=menu], [role=listbox], .issue-panel, .bulk-bar, .toast) :is(${interactive})`,
      )),
  },
  {
    name: "hover",
    weight: 3,
    async run({ page, random, note }) {
      const spot = await findSpot(page, random, "a, button, .card");
      if (spot === null) return;
      note(`hover ${spot.words}`);
      await page.mouse.move(spot.x, spot.y);
    },
  },
  {
    name: "scroll",
    weight: 2,
    async run({ page, random, note }) {
      note("wheel");
      await page.mouse.move(200 + random.int(900), 200 + random.int(500));
      await page.mouse.wheel(0, random.pick([-600, 300, 1200]));
    },
  },
];
