import type { Page } from "playwright-core";

/** Closes what is told at the bottom, since cards stay where they were put as long as it is there, and questions that hold a change up. */
export async function closeMessages(page: Page): Promise<void> {
  await page.mouse.move(5, 5);
  const question = page.locator(".field-dialog");
  if ((await question.count()) > 0) await page.keyboard.press("Escape");
  const close = page.getByRole("button", { name: "Dismiss" });
  for (let left = await close.count(); left > 0; left -= 1) {
    await close
      .first()
      .evaluate((button: HTMLElement) => button.click(), undefined, { timeout: 1000 })
      .catch(() => undefined);
  }
}
