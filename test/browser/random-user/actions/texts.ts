import { type Action, clickOn, press } from "../action.ts";
import { usualWords } from "./words.ts";

const sentOrNot = ["Control+Enter", "Control+Enter", "Escape", ""];

/** Clicks an element, types a text and finishes in one of several ways; an empty text keeps the existing one. */
function writing(name: string, weight: number, selector: string, ends: readonly string[]): Action {
  return {
    name,
    weight,
    async run(scene) {
      if (!(await clickOn(scene, selector))) return;
      const text = scene.token();
      const key = scene.random.pick(ends);
      scene.note(`${name} ${text} ${key}`);
      await scene.page.keyboard.type(text);
      if (key !== "") await scene.page.keyboard.press(key);
    },
  };
}

/** Writes texts of issues, submitting them or leaving drafts. */
export const textActions: readonly Action[] = [
  {
    name: "type",
    weight: 10,
    async run(scene) {
      const { page, random, note, token } = scene;
      const text = random.chance(0.6) ? token() : random.pick(usualWords);
      note(`type ${text}`);
      await page.keyboard.type(text);
      if (random.chance(0.4)) await press(scene, random.pick(["Enter", "Control+Enter", "Escape"]));
    },
  },
  writing("edit title", 4, ".title-button", ["Enter", "Enter", "Escape", "Tab", ""]),
  writing("edit body", 4, ".body-edit", sentOrNot),
  writing("comment", 5, ".composer textarea", sentOrNot),
  writing("edit comment", 4, ".comment [aria-label='Edit comment']", sentOrNot),
  {
    name: "delete comment",
    weight: 2,
    async run(scene) {
      if (!(await clickOn(scene, ".comment [aria-label='Delete comment']"))) return;
      if (scene.random.chance(0.3)) await press(scene, "z");
    },
  },
  { name: "comment tools", weight: 2, run: async (scene) => void (await clickOn(scene, ".comment button")) },
];
