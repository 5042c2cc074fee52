import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { createRandom } from "../../../emulators/seed/random.ts";
import { pickAction, type Scene } from "./action.ts";
import { checkPage } from "./compare-shown.ts";
import { countNodes } from "./count-nodes.ts";
import { disturbances } from "./disturbances.ts";
import type { RandomStage } from "./random-stage.ts";
import { settleServer } from "./settle.ts";
import { describeFocus } from "./shown.ts";
import { isSensible } from "./sensible-answer.ts";
import { userActions } from "./user-actions.ts";

export type RandomRun = {
  readonly seed: number;
  /** Each ends with a quiet point, at which all that is shown is compared with what is so. */
  readonly rounds: number;
  readonly actionsPerRound: number;
};

/** The actions before a finding that are told with it. */
const toldActions = 25;
/** Two boards, each with an issue and a dialog over it, need a third of it; what is not let go is over it after a thousand actions. */
const mostNodes = 30_000;
/** So long what had the focus may be about to get it back, in milliseconds. */
const focusPatienceMs = 800;

/** What evaluates in a page that is being left fails; the next action finds the next page. */
const left =
  /Execution context was destroyed|Cannot find context|interrupted by another navigation|net::ERR_|Frame was detached/;

/** Does as a random user in two tabs does, while random things happen around them. Gives what was not as it should be, each with the actions before it. */
export async function runRandomUser(stage: RandomStage, run: RandomRun): Promise<readonly string[]> {
  const random = createRandom(`random user ${run.seed}`);
  const log: string[] = [];
  const found: string[] = [];
  const report = (words: string) => found.push(`${words}\n  ${log.slice(-toldActions).join("\n  ")}`);
  let tokens = 0;
  const tabs: Tab[] = [];
  for (const name of ["A", "B"]) tabs.push(await openTab(stage, name, { note: (words) => log.push(words), report }));
  // A link that is clicked with the shift key opens a window of its own.
  stage.browser.context.on("page", (page) => void page.close().catch(() => undefined));

  for (let round = 0; round < run.rounds; round += 1) {
    for (let step = 0; step < run.actionsPerRound; step += 1) {
      const tab = tabs[random.chance(0.8) ? 0 : 1];
      if (tab === undefined) continue;
      const action = pickAction(random, random.chance(0.06) ? disturbances : userActions);
      const note = (words: string) => log.push(`${tab.name} ${action.name}: ${words}`);
      const scene: Scene = { stage, random, page: tab.page, note, token: () => `tok${run.seed}x${(tokens += 1)} ` };
      try {
        await tab.page.bringToFront();
        const before = await noteFocus(tab);
        const { documents } = tab;
        await action.run(scene);
        const isHeld = action.keyboard === true && before !== "body";
        // Of another document, to which Back led, nothing had the focus.
        if (isHeld && (await isFocusLost(tab.page)) && documents === tab.documents) {
          report(`${tab.name}: the focus is lost, which ${before} had`);
        }
      } catch (error) {
        if (!left.test(String(error))) throw error;
      }
    }
    await quieten(stage);
    for (const problem of await settleServer(stage)) report(problem);
    for (const { name, page } of tabs) {
      const problems = await checkPage(stage, page);
      if (problems.length > 0) log.push(`under way: ${stage.relay.underWay().join("; ")}`);
      for (const problem of problems) report(`${name} at ${page.url()}: ${problem}`);
    }
    const [{ page } = {}] = tabs;
    const nodes = page === undefined ? 0 : await countNodes(page);
    if (nodes > mostNodes) report(`the pages hold ${nodes} nodes`);
    log.length = 0;
  }
  return found;
}

type Tab = {
  readonly name: string;
  readonly page: Page;
  /** What had the focus before a dialog was opened. */
  outside: string;
  /** How many it has loaded. */
  documents: number;
};

type Listener = { readonly note: (words: string) => void; readonly report: (words: string) => void };

async function openTab(stage: RandomStage, name: string, { note, report }: Listener): Promise<Tab> {
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
      // The page was left before it had the answer.
      () => undefined,
    );
  });
  const tab: Tab = { name, page, outside: "body", documents: 0 };
  page.on("domcontentloaded", () => {
    tab.documents += 1;
    tab.outside = "body";
  });
  page.on("dialog", (dialog) => void dialog.accept().catch(() => undefined));
  await page.goto(stage.signInAddress);
  await page.locator(".card[data-ref]").first().waitFor();
  return tab;
}

/** What the browser, and React, say of a server that is away. */
function isToldOfSilence(text: string): boolean {
  return /^Failed to load resource|^WebSocket connection|This part of the program could not be loaded/.test(text);
}

/** What has the focus; of what stands in a dialog, whether there is something to go back to. */
async function noteFocus(tab: Tab): Promise<string> {
  const focus = await describeFocus(tab.page);
  const isInside = focus.startsWith("in a dialog");
  if (!isInside) tab.outside = focus;
  return isInside && tab.outside === "body" ? "body" : focus;
}

async function isFocusLost(page: Page): Promise<boolean> {
  const begun = performance.now();
  while ((await describeFocus(page)) === "body") {
    if (performance.now() - begun > focusPatienceMs) return true;
    await sleep(50);
  }
  return false;
}

/** Ends what goes wrong. */
async function quieten(stage: RandomStage): Promise<void> {
  for (const emulator of stage.emulators) emulator.faults.clear();
  await stage.browser.context.setOffline(false);
  await stage.untilUp();
}
