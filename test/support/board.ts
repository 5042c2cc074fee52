import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { PanServer } from "./stage.ts";
import { openBrowser } from "../browser/open-browser.ts";

export { openBrowser };

/** Signs a page in and opens the board; ready when the bar is there. */
export async function goToBoard(page: Page, server: PanServer): Promise<void> {
  await page.goto(addressOf(server));
  await page.waitForSelector(".bar");
}

/** Signs a page in and opens another place than the whole board, which is not drawn first. */
export async function goTo(page: Page, server: PanServer, path: string): Promise<void> {
  await signIn(page, addressOf(server));
  await page.goto(`${server.url}${path}`);
}

/** Gives the page's browser the session that the address opens. */
export async function signIn(page: Page, address: string): Promise<void> {
  const response = await page.context().request.get(address, { maxRedirects: 0 });
  assert.ok(response.status() < 400, `${response.status()}`);
}

const addressOf = ({ url, token }: PanServer) => `${url}/?token=${token}`;

/** Waits until the board's bar offers a list of problems in which the text stands, and gives all of it. */
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

/** Waits until the bar's note of what is not mirrored fits, opens it and gives its text. */
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

/** Waits until the board says that it shows so many issues. */
export async function untilTotal(page: Page, total: number): Promise<void> {
  const words = `${total.toLocaleString("en")} issue${total === 1 ? "" : "s"}`;
  await page.locator(".bar-total", { hasText: new RegExp(`^${words}$`) }).waitFor();
}

/** The line of a tracker in the sidebar, once it fits. */
export async function untilTrackerSays(page: Page, label: string, expected: RegExp): Promise<void> {
  const row = page.locator("nav.trackers .tracker-row").filter({
    has: page.locator(".tracker-name", { hasText: new RegExp(`^${RegExp.escape(label)}$`) }),
  });
  await row.filter({ has: page.locator(".tracker-sentence", { hasText: expected }) }).waitFor();
}

/** Nothing of the interface complains in the console. */
export function assertQuiet(complaints: readonly string[]): void {
  assert.deepEqual([...complaints], []);
}
