import type { Page } from "playwright-core";

/** Closes the notices, because cards stay where they were dropped while one is shown, and open questions, which hold up a change. */
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
