import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds serious or critical on a page as it is: the rule, and the first elements that break it. */
export async function findViolations(page: Page): Promise<string[]> {
  // The page's policy lets no foreign script in; what the test evaluates is not the page's.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: engine } = window as unknown as { axe: typeof axe };
    const { violations } = await engine.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map(({ html }) => html.slice(0, 160))
            .join(" | ")}`,
      );
  });
}
