import { readFileSync } from "node:fs";
import type axe from "axe-core";
import type { Page } from "playwright-core";

/** The short one: whatever is put into a page, the browser compiles anew. */
const axeSource = readFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** Of the rules that are on by default those of axe's category `cat.color`. */
const aboutColors = ["color-contrast", "link-in-text-block"];

/**
 * What axe finds serious or critical on a page as it is, in both themes: the theme, the rule, and the first elements that break it. The elements are the same in
 * both, so the second time only the rules about colours are asked. The page is left in the dark theme.
 */
export async function findViolations(page: Page): Promise<string[]> {
  await show(page, "light");
  const light = await run(page, {});
  await show(page, "dark");
  const dark = await run(page, { runOnly: { type: "rule", values: aboutColors } });
  return [...light.map((found) => `light: ${found}`), ...dark.map((found) => `dark: ${found}`)];
}

/** What axe finds serious or critical on a page as it is, in the theme it has. */
export async function findShownViolations(page: Page): Promise<string[]> {
  await untilDrawn(page);
  // Style sheets that are taken away meanwhile could not be loaded, which the console would be told.
  return run(page, { preload: false }, exempt);
}

/** A card that is held is faint where it was; it is read where it would go. What hands the focus on at the ends of a menu never keeps it. */
const exempt = [".card-box[data-held]", "[data-base-ui-focus-guard]"];

async function show(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await untilDrawn(page);
}

async function untilDrawn(page: Page): Promise<void> {
  // What follows the theme by script is drawn with the next frame, and colours may take their time.
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
    // One whose element is drawn anew meanwhile is called off, which is as good.
    await Promise.allSettled(transitions.map(({ finished }) => finished));
  });
}

async function run(page: Page, options: axe.RunOptions, exclude: readonly string[] = []): Promise<string[]> {
  // The page's policy lets no foreign script in; what the test evaluates is not the page's. It stays as long as the document does.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  return page.evaluate(
    async ({ wanted, without }) => {
      const { axe: engine } = window as unknown as { axe: typeof axe };
      const { violations } = await engine.run({ include: [["html"]], exclude: without }, wanted);
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .slice(0, 3)
              .map(({ html }) => html.slice(0, 160))
              .join(" | ")}`,
        );
    },
    {
      wanted: { resultTypes: ["violations" as const], ...options },
      without: exclude.map((selector) => [selector]),
    },
  );
}
