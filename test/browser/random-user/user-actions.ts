import { setTimeout as sleep } from "node:timers/promises";
import { type Action, clickOn, press, type Scene } from "./action.ts";
import { findSpot } from "./spots.ts";

const interactive =
  "button:not(:disabled), a[href], [role=option], [role=menuitem], [role=menuitemradio], [role=menuitemcheckbox], [role=tab], input, textarea, select, summary, label";

const singleKeys = [
  "c",
  "f",
  "/",
  "?",
  "x",
  "z",
  "s",
  "p",
  "l",
  "i",
  "Shift+L",
  "j",
  "k",
  "h",
  "a",
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Shift+ArrowLeft",
  "Shift+ArrowRight",
  "Shift+ArrowUp",
  "Shift+ArrowDown",
  "Alt+ArrowUp",
  "Alt+ArrowDown",
  "Space",
  "Enter",
  "Escape",
  "Escape",
  "Control+k",
  "Control+Enter",
  "Backspace",
  "1",
  "2",
  "3",
  "4",
  "5",
  "6",
  "Control+.",
  "Control+Shift+.",
  "Home",
  "End",
  "PageDown",
  "F6",
];
const places = ["b", "a", "w", "s"];
const words = [
  "assignee:me",
  "status:done",
  "tracker:jira",
  "label:bug",
  "priority:high",
  "the",
  "zzz",
  "cycle:",
  "is",
  "@",
  "#",
  "- [ ] task",
  "**bold**",
  "project:one",
  "-x",
];

async function someRef(scene: Scene): Promise<string | null> {
  const refs = await scene.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-ref]")].map((element) => element.dataset["ref"] ?? ""),
  );
  return refs.length === 0 ? null : scene.random.pick(refs);
}

/** What a user does who knows no rest, in any order. */
export const userActions: readonly Action[] = [
  { name: "key", weight: 30, keyboard: true, run: (scene) => press(scene, scene.random.pick(singleKeys)) },
  // The last of what can have the focus leads out of the page.
  { name: "tab", weight: 2, run: (scene) => press(scene, scene.random.pick(["Tab", "Shift+Tab"])) },
  { name: "go", weight: 3, keyboard: true, run: (scene) => press(scene, "g", scene.random.pick(places)) },
  { name: "escape", weight: 6, keyboard: true, run: (scene) => press(scene, "Escape") },
  {
    name: "type",
    weight: 10,
    keyboard: true,
    async run({ page, random, note, token }) {
      const text = random.chance(0.6) ? token() : random.pick(words);
      note(`type ${text}`);
      await page.keyboard.type(text);
      if (random.chance(0.4)) {
        const key = random.pick(["Enter", "Control+Enter", "Escape"]);
        note(`press ${key}`);
        await page.keyboard.press(key);
      }
    },
  },
  { name: "click", weight: 20, run: async (scene) => void (await clickOn(scene, interactive, { modifiers: true })) },
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
    name: "edit title",
    weight: 4,
    async run(scene) {
      if (!(await clickOn(scene, ".title-button"))) return;
      const text = scene.token();
      const key = scene.random.pick(["Enter", "Enter", "Escape", "Tab", ""]);
      scene.note(`title ${text} ${key}`);
      await scene.page.keyboard.type(text);
      if (key !== "") await scene.page.keyboard.press(key);
    },
  },
  {
    name: "edit body",
    weight: 4,
    async run(scene) {
      if (!(await clickOn(scene, ".body-edit"))) return;
      const text = scene.token();
      const key = scene.random.pick(["Control+Enter", "Control+Enter", "Escape", ""]);
      scene.note(`body ${text} ${key}`);
      await scene.page.keyboard.type(text);
      if (key !== "") await scene.page.keyboard.press(key);
    },
  },
  {
    name: "comment",
    weight: 5,
    async run(scene) {
      if (!(await clickOn(scene, ".composer textarea"))) return;
      const text = scene.token();
      const key = scene.random.pick(["Control+Enter", "Control+Enter", "Escape", ""]);
      scene.note(`comment ${text} ${key}`);
      await scene.page.keyboard.type(text);
      if (key !== "") await scene.page.keyboard.press(key);
    },
  },
  { name: "comment tools", weight: 3, run: async (scene) => void (await clickOn(scene, ".comment button")) },
  { name: "property", weight: 5, run: async (scene) => void (await clickOn(scene, ".property-button")) },
  {
    name: "create",
    weight: 3,
    async run(scene) {
      await press(scene, "c");
      if ((await scene.page.locator(".create-title").count()) === 0) await sleep(60);
      const text = scene.token();
      scene.note(`new ${text}`);
      await scene.page.keyboard.type(text);
      if (scene.random.chance(0.7)) await press(scene, "Control+Enter");
    },
  },
  {
    name: "drag",
    weight: 8,
    async run({ page, random, note }) {
      const from = await findSpot(page, random, ".card[data-ref]");
      const to = await findSpot(page, random, ".column, .column-shut, .filter-row, .card[data-ref]");
      if (from === null || to === null) return;
      note(`drag ${from.words} to ${to.words} at ${Math.round(to.x)},${Math.round(to.y)}`);
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      const steps = 1 + random.int(6);
      await page.mouse.move(to.x, to.y + random.int(200), { steps });
      if (random.chance(0.2)) await page.keyboard.press(random.pick(["Escape", "z", "c", "ArrowDown", "x"]));
      await page.mouse.up();
    },
  },
  {
    name: "drag by keyboard",
    weight: 3,
    keyboard: true,
    async run(scene) {
      const { random } = scene;
      const arrows = Array.from({ length: 1 + random.int(4) }, () =>
        random.pick(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]),
      );
      await press(scene, "Space", ...arrows, random.pick(["Space", "Space", "Escape", "Enter"]));
    },
  },
  {
    name: "select",
    weight: 4,
    keyboard: true,
    run: (scene) => press(scene, "x", scene.random.pick(["j", "k", "Shift+ArrowDown", "ArrowRight"])),
  },
  { name: "undo", weight: 4, keyboard: true, run: (scene) => press(scene, "z") },
  { name: "layout", weight: 2, run: async (scene) => void (await clickOn(scene, ".layout-switch a")) },
  { name: "filter row", weight: 3, run: async (scene) => void (await clickOn(scene, ".filter-row :is(button, a)")) },
  {
    name: "filter",
    weight: 3,
    async run(scene) {
      const { random, page } = scene;
      await press(scene, "f");
      const text = random.pick(words);
      scene.note(`type ${text}`);
      await page.keyboard.type(text);
      if (random.chance(0.7)) await press(scene, random.pick(["Enter", "Escape", "ArrowDown", "Backspace"]));
    },
  },
  {
    name: "clear the filter",
    weight: 3,
    async run({ page, note }) {
      note("go to / without a filter");
      await page.evaluate(() => {
        document.querySelector<HTMLAnchorElement>(".sidebar a[href='/'], .tabbar a[href='/']")?.click();
      });
    },
  },
  { name: "sidebar", weight: 3, run: async (scene) => void (await clickOn(scene, ".sidebar :is(a, button)")) },
  {
    name: "back",
    weight: 4,
    async run({ page, note }) {
      note("back");
      await page.evaluate(() => history.back());
    },
  },
  {
    name: "forward",
    weight: 3,
    async run({ page, note }) {
      note("forward");
      await page.evaluate(() => history.forward());
    },
  },
  {
    name: "reload",
    weight: 1,
    async run({ page, note, stage }) {
      if (!stage.isUp()) return;
      note("reload");
      await page.reload({ waitUntil: "commit" });
    },
  },
  {
    name: "address",
    weight: 1,
    async run(scene) {
      const { page, random, stage } = scene;
      if (!stage.isUp()) return;
      const ref = await someRef(scene);
      const path = random.pick([
        "/",
        "/list",
        "/activity",
        "/agents",
        "/settings",
        "/settings/projects",
        "/settings/appearance",
        "/settings/agents",
        "/?group=assignee",
        "/list?group=priority",
        "/?sort=manual",
        "/issues/NOPE-1",
        ...(ref === null ? [] : [`/issues/${encodeURIComponent(ref)}`]),
      ]);
      scene.note(`goto ${path}`);
      await page.goto(`${stage.origin}${path}`, { waitUntil: "commit" });
    },
  },
  {
    name: "resize",
    weight: 2,
    async run({ page, random, note }) {
      const size = random.pick([
        { width: 1440, height: 900 },
        { width: 1440, height: 900 },
        { width: 390, height: 844 },
        { width: 900, height: 700 },
      ]);
      note(`resize ${size.width}`);
      await page.setViewportSize(size);
    },
  },
  {
    name: "theme",
    weight: 1,
    async run({ page, random, note }) {
      note("scheme");
      await page.emulateMedia({ colorScheme: random.pick(["dark", "light"]) });
    },
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
  {
    name: "pause",
    weight: 5,
    async run({ random }) {
      await sleep(random.int(500));
    },
  },
];
