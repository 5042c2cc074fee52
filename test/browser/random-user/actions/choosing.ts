import { type Action, clickOn, focusCard, isThereSoon, press, type Scene } from "../action.ts";
import { choices } from "./interactive.ts";

/** Chooses an offered entry, by pointer or keys, and sometimes undoes the choice. */
async function choose(scene: Scene): Promise<void> {
  const { random } = scene;
  if (random.chance(0.5)) {
    if (!(await clickOn(scene, choices))) return;
  } else {
    await press(scene, ...Array.from({ length: random.int(4) }, () => "ArrowDown"), "Enter");
  }
  // A multiple-choice list stays open.
  if (random.chance(0.3)) await press(scene, "Escape");
  if (random.chance(0.2)) await press(scene, "z");
}

/** Sets values of one or several issues from lists. */
export const choosingActions: readonly Action[] = [
  { name: "property", weight: 3, run: async (scene) => void (await clickOn(scene, ".property-button")) },
  {
    name: "change a property",
    weight: 4,
    async run(scene) {
      if (await clickOn(scene, ".property-button")) await choose(scene);
    },
  },
  {
    name: "select",
    weight: 4,
    run: (scene) => press(scene, "x", scene.random.pick(["j", "k", "Shift+ArrowDown", "ArrowRight"])),
  },
  {
    name: "change the selected",
    weight: 4,
    async run(scene) {
      const { random } = scene;
      await focusCard(scene);
      await press(scene, "x", ...Array.from({ length: 1 + random.int(3) }, () => "Shift+ArrowDown"));
      if (random.chance(0.5)) await press(scene, random.pick(["s", "p", "l", "i"]));
      else if (!(await clickOn(scene, ".bulk-bar button"))) return;
      await choose(scene);
    },
  },
  {
    name: "relate",
    weight: 3,
    async run(scene) {
      const { page, random } = scene;
      if (!(await clickOn(scene, "[aria-label='Add relation']"))) return;
      if (!(await clickOn(scene, choices))) return;
      const text = random.pick(["", "a", "the", "1"]);
      scene.note(`type ${text}`);
      await page.keyboard.type(text);
      await isThereSoon(scene, choices);
      await choose(scene);
    },
  },
  {
    name: "take a relation out",
    weight: 1,
    async run(scene) {
      if (!(await clickOn(scene, ".relation-row button"))) return;
      if (scene.random.chance(0.3)) await press(scene, "z");
    },
  },
];
