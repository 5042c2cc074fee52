import { setTimeout as sleep } from "node:timers/promises";
import type { OutboxShape } from "../../../src/server/contract/change.ts";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { goTo } from "../../support/board.ts";
import { eventually } from "../../support/stage.ts";
import { inWorld } from "../changes-stage.ts";
import { findFlips, type Wanted } from "./expectations.ts";
import { createUser } from "./flipping-user.ts";
import type { FlipsStage } from "./flips-stage.ts";
import { watchChanges } from "./page-at-rest.ts";
import { roughen } from "./rough-network.ts";
import { recordShown, type ShownValue, takeShown } from "./shown-record.ts";

/** Fields that actions with another name change. */
const touched: Readonly<Record<string, string>> = { task: "body", bulk: "labels" };

/** Lets a user change two issues for so many seconds while somebody else changes another field of each, and the server is killed now and then; returns the log and what went wrong, as sentences. */
export async function runFlips(
  stage: FlipsStage,
  seconds: number,
): Promise<{ readonly log: readonly string[]; readonly problems: readonly string[] }> {
  const { random, browser, emulators, issues } = stage;
  const { url } = stage.server;
  const log: string[] = [];
  const begun = performance.now();
  const note = (words: string) => log.push(`${((performance.now() - begun) / 1000).toFixed(1)} ${words}`);

  const { page } = await browser.open();
  // Every card is drawn.
  await page.setViewportSize({ width: 1600, height: 2400 });
  await recordShown(page);
  await watchChanges(page);
  await roughen(page, random, { delayMs: 900, failing: 0.08 }, note);
  await goTo(page, stage.server, "/");
  await page.locator(".card[data-ref]").first().waitFor();
  const record: ShownValue[] = [];
  const take = async () => void record.push(...(await takeShown(page)));
  /** The restart under way; a page cannot be left for another one before its end. */
  let restart = Promise.resolve();
  const onLeave = async () => {
    await take();
    await restart;
  };
  const user = createUser({ page, random, origin: url, issues, note, onLeave });
  const problems = new Set<string>();
  const check = async () => {
    await take();
    for (const problem of findFlips(record, user.wanted)) problems.add(problem);
  };

  const few = ["github", "linear"].map((name) => random.pick(issues.filter(({ tracker }) => tracker === name)));
  /** The field of each issue that belongs to somebody else. */
  const theirs = new Map(few.map(({ ref }) => [ref, random.pick(["assignees", "body", "labels"])]));
  while (performance.now() - begun < seconds * 1000 && problems.size === 0) {
    for (const { faults } of emulators) if (random.chance(0.15)) faults.add({ kind: "slow", value: random.int(1500) });
    if (random.chance(0.04)) {
      note("the server is killed");
      restart = restart.then(() => stage.restart(random.int(1500)));
    }
    if (random.chance(0.2)) {
      const issue = random.pick(few);
      changeTheirs(stage, issue, theirs.get(issue.ref), note);
    }
    const [name, issue] = [random.pick(user.actions), random.pick(few)];
    if (theirs.get(issue.ref) === (touched[name] ?? name)) continue;
    try {
      await user.act(name, issue);
    } catch (error) {
      const shown = await page.locator("body").innerText();
      problems.add(`${name} of ${issue.ref} failed at ${page.url()}: ${String(error)}\n${shown}`);
    }
    if (random.chance(0.6)) await sleep(random.int(random.pick([200, 2500])));
    await check();
  }
  await restart;
  await page.unrouteAll({ behavior: "wait" });
  if (problems.size > 0) return { log, problems: [...problems] };

  await user.untilSent();
  await eventually(async () => {
    const { operations } = await stage.server.get<OutboxShape>("/api/outbox");
    return operations.length === 0 ? true : undefined;
  }, "everything is written");
  await check();
  for (const issue of few) {
    await page.goto(`${url}/issues/${encodeURIComponent(issue.address)}`);
    await page.locator("[aria-label=Activity] h3").waitFor();
    await page.locator("[aria-label=Activity] output").waitFor({ state: "detached" });
    await check();
    for (const problem of findLost(stage, issue, user.wanted)) problems.add(problem);
  }
  return { log, problems: [...problems] };
}

/** Somebody else changes their field of an issue in its tracker. */
function changeTheirs(
  { random, server, emulatorOf }: Pick<FlipsStage, "random" | "server" | "emulatorOf">,
  issue: IssueDetailShape,
  field: string | undefined,
  note: (words: string) => void,
): void {
  const { world } = emulatorOf(issue);
  note(`somebody else: ${field} of ${issue.ref}`);
  if (field === "assignees") world.edit(issue.nativeId, { assignees: [] });
  else if (field === "body") world.edit(issue.nativeId, { body: `Theirs ${random.int(1000)}` });
  else {
    const { labels } = inWorld(emulatorOf(issue), issue);
    world.edit(issue.nativeId, { labels: [...new Set([...labels, "theirs"])] });
  }
  // Some changes are noticed at the next sync only.
  if (random.chance(0.5)) server.ask("POST", `/api/trackers/${issue.tracker}/sync`, {}).catch(() => undefined);
}

/** The titles and labels that an issue's tracker lacks. */
function findLost({ emulatorOf }: FlipsStage, issue: IssueDetailShape, wanted: readonly Wanted[]): string[] {
  const { title, labels } = inWorld(emulatorOf(issue), issue);
  const has: Readonly<Record<string, string>> = { title, labels: JSON.stringify(labels) };
  return wanted
    .filter((want) => want.issue.ref === issue.ref && want.until === Infinity)
    .filter(({ field, holds }) => has[field] !== undefined && !holds(has[field]))
    .map(({ field, what }) => `${what}: in its tracker it has ${has[field]}`);
}
