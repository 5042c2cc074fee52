import { type Action, clickOn, isThereSoon, press, type Scene } from "../action.ts";
import { choices } from "./interactive.ts";

/** Navigates to a settings tab like a user, within the same document. */
async function goTo(scene: Scene, tab: RegExp): Promise<boolean> {
  const { page } = scene;
  await press(scene, "Escape", "g", "s");
  if (!(await isThereSoon(scene, ".tabs [role=tab]"))) return false;
  return page
    .getByRole("tab", { name: tab })
    .click({ timeout: 1000 })
    .then(
      () => true,
      () => false,
    );
}

async function scrollTo({ page }: Scene, selector: string): Promise<void> {
  await page.evaluate((what) => document.querySelector(what)?.scrollIntoView(), selector);
}

/** Settings: connects and tests trackers, edits projects and their sources. */
export const settingsActions: readonly Action[] = [
  {
    name: "test a connection",
    weight: 1,
    async run(scene) {
      if (!(await goTo(scene, /Trackers/))) return;
      await clickOn(scene, ".tracker-card .actions button:not(:disabled)");
    },
  },
  {
    name: "credentials",
    weight: 1,
    async run(scene) {
      const { page, random, note } = scene;
      if (!(await goTo(scene, /Trackers/))) return;
      if (!(await clickOn(scene, "[aria-label^='Change the credentials'], [aria-label^=Connect]"))) return;
      note("type a wrong token");
      await page.keyboard.type("wrong");
      if (random.chance(0.3)) await press(scene, random.pick(["Enter", "Escape"]));
      else await clickOn(scene, ".credential-actions button:not(:disabled)");
    },
  },
  {
    name: "project",
    weight: 2,
    async run(scene) {
      const { page, random, note, token } = scene;
      if (!(await goTo(scene, /Projects/))) return;
      if (!(await clickOn(scene, ".project-link"))) return;
      if (!(await isThereSoon(scene, ".project-form"))) return;
      const what = random.int(5);
      note(`project ${what}`);
      if (what === 0 && (await clickOn(scene, ".project-form input"))) {
        await page.keyboard.type(token());
        await press(scene, random.pick(["Enter", "Tab", "Escape"]));
      } else if (what === 1) {
        await clickOn(scene, ".project-form [role=switch]");
      } else if (what === 2) {
        const select = page.locator(".project-form select");
        await select.selectOption({ index: random.int(3) }, { timeout: 1000 }).catch(() => undefined);
      } else if (what === 3) {
        await scrollTo(scene, ".mapping");
        if (await clickOn(scene, ".state-cell")) await clickOn(scene, choices);
      } else if (await clickOn(scene, "[aria-label=Sources] > header button")) {
        await isThereSoon(scene, ".source-picker label");
        await clickOn(scene, ".source-picker label");
        if (random.chance(0.5)) await press(scene, "Escape");
      }
    },
  },
  {
    name: "appearance",
    weight: 1,
    async run(scene) {
      if (await goTo(scene, /Appearance/)) await clickOn(scene, ".theme-choice");
    },
  },
];
