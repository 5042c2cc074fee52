import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { PanServer } from "./stage.ts";
import { openBrowser } from "../browser/open-browser.ts";

export { openBrowser };

/** Signs a page in and opens the board; resolves once the bar is rendered. */
export async function goToBoard(page: Page, server: PanServer): Promise<void> {
  await page.goto(addressOf(server));
  await page.waitForSelector(".bar");
}

/** Signs a page in and opens another path, without rendering the board first. */
export async function goTo(page: Page, server: PanServer, path: string): Promise<void> {
  await signIn(page, addressOf(server));
  await page.goto(`${server.url}${path}`);
}

/** Signs the page's browser in with the address. */
export async function signIn(page: Page, address: string): Promise<void> {
  const response = await page.context().request.get(address, { maxRedirects: 0 });
  assert.ok(response.status() < 400, `${response.status()}`);
}

const addressOf = ({ url, token }: PanServer) => `${url}/?token=${token}`;

/** Waits until the board's bar offers a list of problems with this text, and returns the whole list. */
export async function readProblems(page: Page, expected: RegExp): Promise<string> {
  const button = page.locator(".bar").getByRole("button", { name: /\d+ problems?$/ });
  await button.click();
  const list = page.getByRole("dialog");
  await list.getByText(expected).first().waitFor();
  const text = await list.innerText();
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "detached" });
  return text;
}

/** Waits until the bar's note on missing issues matches, opens it and returns its text. */
export async function readNotMirrored(page: Page, sentence: RegExp): Promise<string> {
  const button = page.locator(".bar").getByRole("button", { name: sentence });
  await button.click();
  const list = page.getByRole("dialog");
  await list.waitFor();
  const text = await list.innerText();
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "detached" });
  return text;
}

/** Waits until the board shows this many issues. */
export async function untilTotal(page: Page, total: number): Promise<void> {
  const words = `${total.toLocaleString("en")} issue${total === 1 ? "" : "s"}`;
  await page.locator(".bar-total", { hasText: new RegExp(`^${words}$`) }).waitFor();
}

/** A tracker's line in the sidebar, once it matches. */
export async function untilTrackerSays(page: Page, label: string, expected: RegExp): Promise<void> {
  const row = page.locator("nav.trackers .tracker-row").filter({
    has: page.locator(".tracker-name", { hasText: new RegExp(`^${RegExp.escape(label)}$`) }),
  });
  await row.filter({ has: page.locator(".tracker-sentence", { hasText: expected }) }).waitFor();
}

/** Asserts that the console has no complaints. */
export function assertQuiet(complaints: readonly string[]): void {
  assert.deepEqual([...complaints], []);
}
