import { type Action, press, type Scene } from "../action.ts";

/** Drafts are shared between tabs. */
const title = ".title-button, .title-field";

/** Opens an issue on a page of its own, as from a link someone sent. */
async function openIn(page: Scene["page"], address: string): Promise<boolean> {
  await page.goto(address, { waitUntil: "commit" });
  return page
    .locator(title)
    .first()
    .waitFor({ timeout: 3000 })
    .then(
      () => true,
      () => false,
    );
}

/** A user with two tabs, or one who does not wait. */
export const hastyActions: readonly Action[] = [
  {
    name: "one title in both tabs",
    leavesPage: true,
    weight: 1,
    async run(scene) {
      const { stage, random, page, other, note, token } = scene;
      const refs = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>(".card[data-ref]")].map((card) => card.dataset["ref"] ?? ""),
      );
      if (refs.length === 0 || !stage.isUp()) return;
      const ref = random.pick(refs);
      note(`both at ${ref}`);
      const address = `${stage.origin}/issues/${encodeURIComponent(ref)}`;
      if (!(await openIn(page, address)) || !(await openIn(other, address))) return;
      for (const tab of [page, other]) {
        await tab.bringToFront();
        await tab.locator(title).first().click();
        const text = token();
        note(`title ${text}`);
        await tab.keyboard.type(text);
      }
      const ends = random.pick(["Enter", "Tab"]);
      note(`press ${ends} in both`);
      await Promise.all([page.keyboard.press(ends), other.keyboard.press(ends)]);
    },
  },
  {
    name: "change and reload",
    leavesPage: true,
    weight: 1,
    async run(scene) {
      const { page, random, note, stage } = scene;
      if (!stage.isUp()) return;
      await press(scene, random.pick(["Shift+ArrowRight", "Shift+ArrowLeft", "z"]));
      note("reload");
      await page.reload({ waitUntil: "commit" });
    },
  },
];
