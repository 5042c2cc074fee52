import { type Action, clickOn, isThereSoon, press } from "../action.ts";
import { choices } from "./interactive.ts";
import { usualWords } from "./words.ts";

/** Filters, layouts, grouping, sorting and saved views. */
export const findingActions: readonly Action[] = [
  { name: "layout", weight: 2, run: async (scene) => void (await clickOn(scene, ".layout-switch a")) },
  { name: "filter row", weight: 2, run: async (scene) => void (await clickOn(scene, ".filter-row :is(button, a)")) },
  {
    name: "filter",
    weight: 3,
    async run(scene) {
      const { random, page } = scene;
      await press(scene, "f");
      const text = random.pick(usualWords);
      scene.note(`type ${text}`);
      await page.keyboard.type(text);
      if (random.chance(0.7)) await press(scene, random.pick(["Enter", "Escape", "ArrowDown", "Backspace"]));
    },
  },
  {
    name: "group or sort",
    weight: 2,
    async run(scene) {
      if (!(await clickOn(scene, ".filter-row :is([aria-label^=Group], [aria-label^=Sort])"))) return;
      await isThereSoon(scene, "[role=menu]");
      await clickOn(scene, choices);
    },
  },
  {
    name: "display options",
    weight: 1,
    async run(scene) {
      if (!(await clickOn(scene, ".filter-row [aria-label='Display options']"))) return;
      await isThereSoon(scene, ".display-sheet");
      await clickOn(scene, ".display-sheet :is(label, button:not(:disabled))");
      if (scene.random.chance(0.6)) await press(scene, "Escape");
    },
  },
  {
    name: "shut or open a column",
    weight: 1,
    run: async (scene) => void (await clickOn(scene, ".column-shut, .column-head button")),
  },
  {
    name: "clear the filter",
    weight: 4,
    async run({ page, note }) {
      note("go to / without a filter");
      await page.evaluate(() => {
        document.querySelector<HTMLAnchorElement>(".sidebar a[href='/'], .tabbar a[href='/']")?.click();
      });
    },
  },
  {
    name: "save a view",
    weight: 1,
    async run(scene) {
      if (!(await clickOn(scene, "[aria-label='Save current view']"))) return;
      if (!(await isThereSoon(scene, "[role=dialog] input"))) return;
      const name = `view ${scene.token()}`;
      scene.note(`type ${name}`);
      await scene.page.keyboard.type(name);
      await press(scene, scene.random.pick(["Enter", "Enter", "Escape"]));
    },
  },
  {
    name: "change a view",
    weight: 2,
    async run(scene) {
      const { page, random, note } = scene;
      if (!(await clickOn(scene, ".views .icon-button")) || !(await isThereSoon(scene, "[role=menu]"))) return;
      await clickOn(scene, choices);
      if (random.chance(0.5) && (await isThereSoon(scene, "[role=dialog] input"))) {
        const name = `view ${scene.token()}`;
        note(`type ${name}`);
        await page.keyboard.type(name);
        await press(scene, random.pick(["Enter", "Escape"]));
      } else if (random.chance(0.5)) await press(scene, "z");
    },
  },
  {
    name: "order views",
    weight: 1,
    async run(scene) {
      const { page, random } = scene;
      const views = page.locator(".view-row:has(.icon-button) a");
      const count = await views.count();
      if (count === 0) return;
      await views.nth(random.int(count)).focus();
      await press(scene, random.pick(["Alt+ArrowUp", "Alt+ArrowDown"]));
    },
  },
  {
    name: "view",
    weight: 2,
    run: async (scene) => void (await clickOn(scene, ".views a")),
  },
  {
    name: "palette",
    weight: 3,
    async run(scene) {
      const { page, random, note } = scene;
      await press(scene, "Control+k");
      const text = random.pick(["", "", "a", "move", "label", "agent", "go", "theme", "read", "sync", "undo", "the"]);
      note(`type ${text}`);
      await page.keyboard.type(text);
      await isThereSoon(scene, "[role=option]");
      if (random.chance(0.3)) await press(scene, "Tab");
      await press(scene, ...Array.from({ length: random.int(6) }, () => "ArrowDown"));
      await press(scene, random.pick(["Enter", "Enter", "Enter", "Escape"]));
    },
  },
];
