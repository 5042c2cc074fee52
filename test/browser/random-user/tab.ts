import type { Page } from "playwright-core";
import { noteTimers } from "./count-timers.ts";
import { type FocusWatch, watchFocus } from "./focus.ts";
import { notePresses } from "./presses.ts";
import type { RandomStage } from "./random-stage.ts";
import { isSensible } from "./sensible-answer.ts";
import { type Traffic, watchTraffic } from "./traffic.ts";

/** A tab of the random user, with its observers. */
export type Tab = {
  readonly name: string;
  readonly page: Page;
  readonly focus: FocusWatch;
  readonly traffic: Traffic;
};

/** `note` receives events, `report` receives errors. */
export type Listener = { readonly note: (words: string) => void; readonly report: (words: string) => void };

/** Opens a tab with the board. */
export async function openTab(stage: RandomStage, name: string, { note, report }: Listener): Promise<Tab> {
  const { page } = await stage.browser.open();
  page.on("pageerror", (error) => report(`${name} throws ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (!["error", "warning"].includes(message.type()) || isToldOfSilence(text)) return;
    report(`${name} complains in the console: ${text}`);
  });
  page.on("response", (response) => {
    if (response.status() < 400) return;
    const request = response.request();
    const { pathname } = new URL(request.url());
    const call = `${request.method()} ${pathname} ${response.status()}`;
    note(`${name}   is answered: ${call}`);
    response.text().then(
      (text) => {
        if (!isSensible(request.method(), pathname, response.status(), text)) {
          report(`${name} asked what makes no sense: ${call} ${request.postData() ?? ""} ${text}`);
        }
      },
      // The page was left before the response arrived.
      () => undefined,
    );
  });
  page.on("dialog", (dialog) => void dialog.accept().catch(() => undefined));
  const traffic = watchTraffic(page, (words) => report(`${name}: ${words}`));
  await noteTimers(page);
  await notePresses(page);
  await page.goto(stage.signInAddress);
  await page.locator(".card[data-ref]").first().waitFor();
  return { name, page, focus: watchFocus(page), traffic };
}

/** Whether the tab shows something other than the dashboard: a previous page, or the browser's own error page. */
export function isElsewhere({ page }: Tab): boolean {
  return !page.url().startsWith("http");
}

/** Messages of the browser, and of React, about an unreachable server. */
function isToldOfSilence(text: string): boolean {
  return /^Failed to load resource|^WebSocket connection|Couldn’t load this part of Panopticon/.test(text);
}
