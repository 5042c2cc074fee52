import { type Action, clickOn, isThereSoon, press } from "../action.ts";
import { choices } from "./interactive.ts";

/** Creates issues, sometimes leaving a draft, sometimes while the server is down. */
export const creatingActions: readonly Action[] = [
  {
    name: "create",
    weight: 4,
    async run(scene) {
      const { page, random, note, token } = scene;
      await press(scene, "c");
      if (!(await isThereSoon(scene, ".create-title"))) return;
      const text = token();
      note(`new ${text}`);
      await page.keyboard.type(text);
      if (random.chance(0.3) && (await clickOn(scene, ".create-head button, .create-dialog .picker"))) {
        await clickOn(scene, choices);
      }
      if (random.chance(0.6)) await press(scene, "Control+Enter");
      else if (random.chance(0.5)) await clickOn(scene, ".create-foot button");
      if (random.chance(0.2)) await press(scene, "z");
    },
  },
];
