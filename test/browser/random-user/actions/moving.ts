import { type Action, focusCard, press, type Scene } from "../action.ts";
import { findSpot } from "../spots.ts";

/** Drags a random card to a random place, sometimes pressing a key on the way. */
async function drag({ page, random, note }: Scene, from: string): Promise<void> {
  const card = await findSpot(page, random, from);
  const to = await findSpot(page, random, ".column, .column-shut, .filter-row, .card[data-ref]");
  if (card === null || to === null) return;
  note(`drag ${card.words} to ${to.words} at ${Math.round(to.x)},${Math.round(to.y)}`);
  await page.mouse.move(card.x, card.y);
  await page.mouse.down();
  const steps = 1 + random.int(6);
  await page.mouse.move(to.x, to.y + random.int(200), { steps });
  if (random.chance(0.2)) await page.keyboard.press(random.pick(["Escape", "z", "c", "ArrowDown", "x"]));
  await page.mouse.up();
}

/** Moves cards, one or several at a time. */
export const movingActions: readonly Action[] = [
  {
    name: "drag",
    weight: 8,
    async run(scene) {
      await drag(scene, ".card[data-ref]");
      if (scene.random.chance(0.15)) await press(scene, "z");
    },
  },
  {
    name: "drag several",
    weight: 3,
    async run(scene) {
      const { page, random } = scene;
      await focusCard(scene);
      await press(scene, "x", ...Array.from({ length: 1 + random.int(3) }, () => "Shift+ArrowDown"));
      const selected = ".card-box[data-selected] .card";
      if ((await page.locator(selected).count()) > 0) await drag(scene, selected);
      if (random.chance(0.3)) await press(scene, "z");
    },
  },
  {
    name: "drag by keyboard",
    weight: 3,
    async run(scene) {
      const { random } = scene;
      if (random.chance(0.5)) await focusCard(scene);
      const arrows = Array.from({ length: 1 + random.int(4) }, () =>
        random.pick(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]),
      );
      await press(scene, "Space", ...arrows, random.pick(["Space", "Space", "Escape", "Enter"]));
    },
  },
];
