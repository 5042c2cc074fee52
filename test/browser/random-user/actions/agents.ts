import { type Action, clickOn, isThereSoon, press } from "../action.ts";

/** Starts, messages and stops agents. */
export const agentActions: readonly Action[] = [
  {
    name: "start an agent",
    weight: 2,
    async run(scene) {
      const { page, random, note } = scene;
      if (random.chance(0.5)) await press(scene, "a");
      else if (!(await clickOn(scene, ".work-actions button, .agents ~ * button, .bar [data-kind=primary]"))) return;
      if (!(await isThereSoon(scene, ".start-kinds"))) return;
      if (random.chance(0.4)) await clickOn(scene, ".start-agent label");
      const text = random.pick(["", "", "Be short."]);
      note(`tell ${text}`);
      if (text !== "" && (await clickOn(scene, ".start-prompt textarea"))) await page.keyboard.type(text);
      await press(scene, random.pick(["Control+Enter", "Control+Enter", "Escape"]));
    },
  },
  {
    name: "agent",
    weight: 2,
    run: async (scene) => void (await clickOn(scene, ".work-agent, .card-work, .agent-row, .agent-pane [role=tab]")),
  },
  {
    name: "tell an agent",
    weight: 2,
    async run(scene) {
      if (!(await clickOn(scene, ".agent-send input:not(:disabled)"))) return;
      scene.note("type y");
      await scene.page.keyboard.type("y");
      await press(scene, "Enter");
    },
  },
  {
    name: "stop or resume an agent",
    weight: 1,
    run: async (scene) => void (await clickOn(scene, ".agent-actions button:not(:disabled)")),
  },
];
