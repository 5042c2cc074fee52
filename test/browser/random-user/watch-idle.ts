import { setTimeout as sleep } from "node:timers/promises";
import { countHeld } from "./count-held.ts";
import { countTimers } from "./count-timers.ts";
import type { Tab } from "./tab.ts";

/** How long to stay idle, twice, in milliseconds. */
const idleMs = 2500;
/** Deliberate polling, such as agents' last lines, makes at most this many calls in both periods together. */
const maxAsked = 4;
/** A vanishing notice or a ticking clock creates at most this many new ones. */
const slack = { nodes: 60, listeners: 20, timers: 2 };
/** Two idle pages need no more. */
const maxTimers = 150;

/** What keeps happening in idle tabs: endless calls, and growing numbers; as sentences. */
export async function watchIdle(tabs: readonly Tab[]): Promise<readonly string[]> {
  const [first] = tabs;
  if (first === undefined) return [];
  const count = async () => {
    const timers = await Promise.all(tabs.map(({ page }) => countTimers(page)));
    return { ...(await countHeld(first.page)), timers: timers.reduce((sum, one) => sum + one, 0) };
  };
  for (const { traffic } of tabs) traffic.count();
  const counts = [await count()];
  for (let turn = 0; turn < 2; turn += 1) {
    await sleep(idleMs);
    counts.push(await count());
  }
  const asked = tabs.map(({ name, traffic }) => ({ name, calls: traffic.count() }));
  const problems = (["nodes", "listeners", "timers"] as const).flatMap((kind) => {
    const [one = 0, two = 0, three = 0] = counts.map((held) => held[kind]);
    // Rendering may still finish during the first period.
    const grows = two - one > slack[kind] && three - two > slack[kind];
    return grows ? [`where nobody does anything, ${one} ${kind} became ${two} and then ${three}`] : [];
  });
  const timers = counts.at(-1)?.timers ?? 0;
  if (timers > maxTimers) problems.push(`pages at rest have ${timers} timers`);
  for (const { name, calls } of asked) {
    for (const [call, times] of calls) {
      if (times > maxAsked) problems.push(`${name} asks for ever: ${call}, ${times} times in ${2 * idleMs} ms`);
    }
  }
  return problems;
}
