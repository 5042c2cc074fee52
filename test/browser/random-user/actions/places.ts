import { type Action, clickOn, type Scene } from "../action.ts";

async function someRef(scene: Scene): Promise<string | null> {
  const refs = await scene.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-ref]")].map((element) => element.dataset["ref"] ?? ""),
  );
  return refs.length === 0 ? null : scene.random.pick(refs);
}

/** Navigation between pages, and other browser functions. */
export const placeActions: readonly Action[] = [
  { name: "sidebar", weight: 3, run: async (scene) => void (await clickOn(scene, ".side :is(a, button), .tabbar a")) },
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
    leavesPage: true,
    weight: 1,
    async run({ page, note, stage }) {
      if (!stage.isUp()) return;
      note("reload");
      await page.reload({ waitUntil: "commit" });
    },
  },
  {
    name: "address",
    leavesPage: true,
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
        "/settings/projects/two",
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
    async run(scene) {
      const { page, random, note } = scene;
      if (random.chance(0.5) && (await clickOn(scene, ".side [aria-label*=theme]"))) return;
      note("scheme");
      await page.emulateMedia({ colorScheme: random.pick(["dark", "light"]) });
    },
  },
];
