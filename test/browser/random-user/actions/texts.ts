import { type Action, clickOn, press, type Scene } from "../action.ts";
import { usualWords } from "./words.ts";

/** Types a new text into what was just clicked, and ends it in one of some ways; an empty one leaves it as it stands. */
async function write(scene: Scene, what: string, ends: readonly string[]): Promise<void> {
  const text = scene.token();
  const key = scene.random.pick(ends);
  scene.note(`${what} ${text} ${key}`);
  await scene.page.keyboard.type(text);
  if (key !== "") await scene.page.keyboard.press(key);
}

/** Texts of issues, written, sent and left half done. */
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
  {
    name: "edit title",
    weight: 4,
    async run(scene) {
      if (await clickOn(scene, ".title-button")) await write(scene, "title", ["Enter", "Enter", "Escape", "Tab", ""]);
    },
  },
  {
    name: "edit body",
    weight: 4,
    async run(scene) {
      if (await clickOn(scene, ".body-edit")) {
        await write(scene, "body", ["Control+Enter", "Control+Enter", "Escape", ""]);
      }
    },
  },
  {
    name: "comment",
    weight: 5,
    async run(scene) {
      if (await clickOn(scene, ".composer textarea")) {
        await write(scene, "comment", ["Control+Enter", "Control+Enter", "Escape", ""]);
      }
    },
  },
  {
    name: "edit comment",
    weight: 4,
    async run(scene) {
      if (await clickOn(scene, ".comment [aria-label='Edit this comment']")) {
        await write(scene, "edited comment", ["Control+Enter", "Control+Enter", "Escape", ""]);
      }
    },
  },
  {
    name: "delete comment",
    weight: 2,
    async run(scene) {
      if (!(await clickOn(scene, ".comment [aria-label='Delete this comment']"))) return;
      if (scene.random.chance(0.3)) await press(scene, "z");
    },
  },
  { name: "comment tools", weight: 2, run: async (scene) => void (await clickOn(scene, ".comment button")) },
];
