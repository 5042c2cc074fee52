import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmulator } from "../../emulators/start.ts";
import { after, before } from "../support/hooks.ts";
import { sourceOf } from "../support/stage.ts";
import { type LiveStage, openLiveStage } from "./live-stage.ts";

let stage: LiveStage;

before(async () => {
  const github = await startEmulator("github", { issues: 12, seed: 5, sources: 1 });
  const jira = await startEmulator("jira", { issues: 12, seed: 5, sources: 1 });
  stage = await openLiveStage({
    emulators: [github, jira],
    projects: `projects:\n  one:\n    history: all\n    github_repo: ${sourceOf(github)}\n    jira_project: ${sourceOf(jira)}\n`,
  });
});
after(() => stage.close());

test(
  "a type that needs a parent is offered those of its own tracker, any other type all",
  { timeout: 120_000 },
  async () => {
    const page = await stage.openBoard();
    await page.keyboard.press("c");
    await page.getByRole("radio", { name: /Jira/ }).click();
    const offered = async () => {
      await page.locator(".create [data-field=parent]").click();
      const options = page.getByRole("listbox").getByRole("option");
      await options.first().waitFor();
      const refs = await options.allInnerTexts();
      await page.keyboard.press("Escape");
      await options.first().waitFor({ state: "detached" });
      return refs.map((text) => (/#\d/.test(text) ? "GitHub" : "Jira"));
    };
    assert.deepEqual([...new Set(await offered())].toSorted(), ["GitHub", "Jira"]);
    await page.locator(".create [data-field=type]").click();
    await page.getByRole("option", { name: /^Sub-task/ }).click();
    assert.deepEqual([...new Set(await offered())], ["Jira"]);
    await page.close();
  },
);
