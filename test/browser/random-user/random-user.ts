import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "../../../emulators/seed/random.ts";
import { findShownViolations } from "../find-violations.ts";
import { pickAction, type Scene } from "./action.ts";
import { userActions } from "./actions/all.ts";
import { checkPage } from "./compare-shown.ts";
import { countHeld } from "./count-held.ts";
import { disturbances } from "./disturbances.ts";
import type { RandomStage } from "./random-stage.ts";
import { settleServer } from "./settle.ts";
import { findFalseStates } from "./states.ts";
import { isElsewhere, openTab, type Tab } from "./tab.ts";
import { watchIdle } from "./watch-idle.ts";

export type RandomRun = {
  readonly seed: number;
  /** Each ends with a quiet point, at which everything shown is compared with the truth. */
  readonly rounds: number;
  readonly actionsPerRound: number;
  /** A round ends early after this time, in milliseconds, so that slow machines finish too. */
  readonly longestRoundMs: number;
};

/** How many preceding actions to report with a finding. */
const toldActions = 25;
/** Two boards, each with an issue and a dialog, need a third of this; a leak exceeds it after a thousand actions. */
const maxNodes = 30_000;
/** The longest wait for a response at a quiet point, in milliseconds. */
const longestAnswerMs = 10_000;

/** How long a transient problem may last, in milliseconds. */
const passingMs = 3000;

/** Evaluating in a page that is being left fails; the next action finds the next page. */
const left =
  /Execution context was destroyed|Cannot find context|interrupted by another navigation|net::ERR_|Frame was detached/;

/** Plays a random user in two tabs with random disturbances. Returns the problems, each with the actions before it. */
export async function runRandomUser(stage: RandomStage, run: RandomRun): Promise<readonly string[]> {
  const random = createRandom(`random user ${run.seed}`);
  const log: string[] = [];
  const found: string[] = [];
  const report = (words: string) => found.push(`${words}\n  ${log.slice(-toldActions).join("\n  ")}`);
  let tokens = 0;
  const listener = { note: (words: string) => log.push(words), report };
  const tabs = [await openTab(stage, "A", listener), await openTab(stage, "B", listener)] as const;
  // Shift-clicking a link opens a new window.
  stage.browser.context.on("page", (page) => void page.close().catch(() => undefined));

  for (let round = 0; round < run.rounds; round += 1) {
    const begun = performance.now();
    for (let step = 0; step < run.actionsPerRound && performance.now() - begun < run.longestRoundMs; step += 1) {
      const [tab, other] = random.chance(0.8) ? tabs : (tabs.toReversed() as [Tab, Tab]);
      const action = pickAction(random, random.chance(0.06) ? disturbances : userActions);
      const scene: Scene = {
        stage,
        random,
        page: tab.page,
        other: other.page,
        note: (words) => log.push(`${tab.name} ${action.name}: ${words}`),
        token: () => `tok${run.seed}x${(tokens += 1)} `,
      };
      try {
        await tab.page.bringToFront();
        if (isElsewhere(tab) && stage.isUp()) await tab.page.goto(stage.origin, { waitUntil: "commit" });
        await tab.focus.note();
        await action.run(scene);
        const lost = action.leavesPage === true ? null : await tab.focus.findLost();
        if (lost !== null) report(`${tab.name}: the focus is lost, which ${lost} had`);
      } catch (error) {
        if (!left.test(String(error))) throw error;
      }
    }
    await quieten(stage);
    for (const problem of await settleServer(stage)) report(problem);
    for (const tab of tabs) {
      const { name, page, traffic } = tab;
      // Animations do not finish in a hidden tab.
      await page.bringToFront();
      if (isElsewhere(tab)) await page.goto(stage.origin);
      const problems = [
        ...(await checkPage(stage, page)),
        ...(await untilRight(() => findFalseStates(page))),
        ...(await untilRight(() => findShownViolations(page))),
        ...traffic.pending(longestAnswerMs).map((call) => `no answer has come to ${call}`),
      ];
      if (problems.length > 0) log.push(`under way: ${stage.relay.underWay().join("; ")}`);
      for (const problem of problems) report(`${name} at ${page.url()}: ${problem}`);
    }
    const { nodes } = await countHeld(tabs[0].page);
    if (nodes > maxNodes) report(`the pages hold ${nodes} nodes`);
    if (round === run.rounds - 1) for (const problem of await watchIdle(tabs)) report(problem);
    log.length = 0;
  }
  return found;
}

/** Rechecks for a while before a problem counts, because opening and closing take time. */
async function untilRight(find: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const begun = performance.now();
  for (;;) {
    const problems = await find();
    if (problems.length === 0 || performance.now() - begun > passingMs) return problems;
    await sleep(200);
  }
}

/** Ends the disturbances. */
async function quieten(stage: RandomStage): Promise<void> {
  for (const emulator of stage.emulators) emulator.faults.clear();
  await stage.browser.context.setOffline(false);
  await stage.untilUp();
  await stage.mend();
}
