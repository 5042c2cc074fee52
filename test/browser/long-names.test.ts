import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { after, before } from "../support/hooks.ts";
import { testProjects } from "../support/test-config.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

// Names without a space, which no line can break, and as long as they may be.
const view = "W".repeat(80);
const project = "M".repeat(200);

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage({
    projects: testProjects.map((one) => (one.id === "app" ? { ...one, name: project } : one)),
  });
  await stage.harness.store.views.create({ name: view, query: "label=bug" });
});

after(() => stage.close());

/** What is wider than the window or its own frame, and what is shortened without its full text in a title or label. */
function findSpills(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isWider = ({ scrollWidth, clientWidth }: Element) => scrollWidth > clientWidth + 1;
    const frames =
      ".bar, .side, .view-row, .filter-field, .filter-chip, .column-head, .column-tab, .menu, .toast, .empty, .project, .properties";
    const spills = [...document.querySelectorAll(`:root, ${frames}`)].filter((frame) => isWider(frame));
    const shortened = [...document.querySelectorAll(".truncate, .filter-chip > span")].filter(
      (element) => isWider(element) && element.checkVisibility(),
    );
    const unnamed = shortened.filter((element) => {
      const named = element.closest("[title], [aria-label]");
      const words = [named?.getAttribute("title"), named?.getAttribute("aria-label")].join(" ");
      const text = element.textContent?.split(/(?:: ?|^Remove )/).at(-1) ?? "";
      return !words.includes(text) && !document.querySelector(".empty > p")?.textContent?.includes(text);
    });
    return [
      ...spills.map(({ className, localName }) => `${localName}.${className} is too wide`),
      ...unnamed.map(({ textContent }) => `${textContent?.slice(0, 40)} is shortened without its full text`),
    ];
  });
}

async function openMenu(page: Page): Promise<void> {
  await page.locator(".bar-title button").click();
  await page.getByRole("menu").waitFor();
}

const places: readonly (readonly [name: string, path: string, go?: (page: Page) => Promise<void>])[] = [
  ["the menu of views", "/?label=bug", openMenu],
  [
    "the menu after the view's filter was changed",
    "/?label=bug",
    async (page) => {
      await page.getByRole("button", { name: `Views: ${view}` }).waitFor();
      await page.keyboard.press("f");
      await page.keyboard.type("project:app");
      await page.keyboard.press("Enter");
      await page.waitForURL(/project=app/);
      await page.locator(".filter-chip", { hasText: project }).waitFor();
      await openMenu(page);
      await page.getByRole("menuitem", { name: "Save as new view…" }).waitFor();
    },
  ],
  ["a board by project", "/?group=project", (page) => page.locator(".column-head", { hasText: project }).waitFor()],
  [
    "an empty result",
    `/?project=app&q=${"q".repeat(150)}`,
    (page) => page.locator(".empty").getByText("there are").waitFor(),
  ],
  ["an issue", "/issues/MIN-2", (page) => page.locator(".properties", { hasText: project }).waitFor()],
  ["the list of projects", "/settings/projects", (page) => page.locator(".project", { hasText: project }).waitFor()],
  ["a project", "/settings/projects/app", (page) => page.locator("h2", { hasText: project }).waitFor()],
];

for (const [width, height] of [
  [1200, 800],
  [390, 780],
] as const) {
  for (const [name, path, go] of places) {
    test(`at ${width} pixels, long names fit into ${name}, and their full text can be reached`, async () => {
      const { page } = await stage.open(path, { width, height });
      await go?.(page);
      assert.deepEqual(await findSpills(page), []);
      await page.close();
    });
  }

  test(`at ${width} pixels, a long name fits into a message`, async () => {
    const { page } = await stage.open("/?label=bug", { width, height });
    await page.getByRole("button", { name: `Views: ${view}` }).waitFor();
    await openMenu(page);
    await page.getByRole("menuitem", { name: "Delete view" }).click();
    const toast = page.locator(".toast", { hasText: view });
    await toast.waitFor();
    assert.deepEqual(await findSpills(page), []);
    await toast.getByRole("button", { name: /^Undo/ }).click();
    await page.getByRole("button", { name: `Views: ${view}` }).waitFor();
    await page.close();
  });
}
