import { readFileSync } from "node:fs";
import type axe from "axe-core";
import type { Page } from "playwright-core";

/** The minified file, because the browser compiles it anew in each page. */
const axeSource = readFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** axe's default rules in the category `cat.color`. */
const aboutColors = ["color-contrast", "link-in-text-block"];

/**
 * axe's serious and critical findings on the current page, in both themes: theme, rule, and the first offending elements. The elements are the same in both, so
 * only the colour rules run twice. Leaves the page in the dark theme.
 */
export async function findViolations(page: Page): Promise<string[]> {
  await show(page, "light");
  const light = await run(page, {});
  await show(page, "dark");
  const dark = await run(page, { runOnly: { type: "rule", values: aboutColors } });
  return [...light.map((found) => `light: ${found}`), ...dark.map((found) => `dark: ${found}`)];
}

/** axe's serious and critical findings on the current page, in its current theme. */
export async function findShownViolations(page: Page): Promise<string[]> {
  await untilDrawn(page);
  // Preloading would report style sheets that are removed meanwhile as load errors in the console.
  return run(page, { preload: false }, exempt);
}

/** A dragged card is faint at its origin and readable at its target. A menu's focus guards never keep the focus. */
const exempt = [".card-box[data-held]", "[data-base-ui-focus-guard]"];

async function show(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await untilDrawn(page);
}

async function untilDrawn(page: Page): Promise<void> {
  // Scripts that follow the theme render in the next frame, and colours may transition.
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
    // A transition is canceled if its element re-renders, which is fine.
    await Promise.allSettled(transitions.map(({ finished }) => finished));
  });
}

async function run(page: Page, options: axe.RunOptions, exclude: readonly string[] = []): Promise<string[]> {
  // The page's policy blocks foreign scripts, but not what a test evaluates. It lasts as long as the document.
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
