import type { Area } from "./area.ts";
import { makeBody } from "./bodies.ts";
import { colleagues } from "./company.ts";
import { createRandom, type Random } from "./random.ts";
import { isClosed, type Stage, type Story } from "./story.ts";
import { dayMs, makeTimelines } from "./timeline.ts";
import { makeTitles } from "./titles.ts";

export type StoryOptions = {
  /** Seed, tracker and source; makes the source's stories unique. */
  readonly key: string;
  readonly area: Area;
  readonly count: number;
  /** Fraction of closed issues, 0 to 1, exact after rounding. */
  readonly closed: number;
  readonly now: number;
  /** Draws a reference to another tracker's issue; null if there is none. */
  readonly drawReference: (random: Random) => string | null;
};

/** All stories of a source, oldest first. Deterministic for given options. */
export function makeStories(options: StoryOptions): Story[] {
  const { area, count, now } = options;
  const random = createRandom(`${options.key}/plan`);
  const titles = makeTitles(createRandom(`${options.key}/titles`), area, count);
  const closed = chooseClosed(random, count, Math.round(count * options.closed));
  const timelines = makeTimelines(createRandom(`${options.key}/times`), now, count, (index) => closed.has(index));
  const engineers = colleagues.filter(({ role }) => role === "engineer" || role === "design");

  return titles.map(({ title, kind }, index): Story => {
    const own = createRandom(`${options.key}/${index}`);
    const time = timelines[index] ?? { createdAt: now, updatedAt: now, closedAt: null };
    const stage = drawStage(own, closed.has(index), index, now - time.createdAt);
    const component = own.pick(area.components);
    const assignees = drawAssignees(
      own,
      stage,
      engineers.map(({ login }) => login),
    );
    const isOpen = !isClosed(stage);
    const references = drawReferences(own, options.drawReference);
    return {
      title,
      kind,
      stage,
      component,
      body: makeBody(own, { title, kind, component, area, references }),
      priority: drawPriority(own, kind),
      author: own.pick(colleagues).login,
      assignees,
      createdAt: time.createdAt,
      updatedAt: time.updatedAt,
      closedAt: time.closedAt,
      estimate: own.chance(0.55) ? own.pick([1, 2, 3, 5, 8]) : null,
      dueDate: isOpen && own.chance(0.18) ? toDay(now + (own.int(50) - 8) * dayMs) : null,
      parent: index > 10 && own.chance(0.14) ? index - 1 - own.int(Math.min(9, index)) : null,
      blockedBy: isOpen && index > 10 && own.chance(0.07) ? [index - 1 - own.int(Math.min(30, index))] : [],
      relatesTo: index > 10 && own.chance(0.06) ? [index - 1 - own.int(Math.min(40, index))] : [],
      duplicateOf: stage === "duplicate" && index > 0 ? own.int(index) : null,
      cycle: drawCycle(own, stage),
      comments: own.chance(0.45) ? 0 : 1 + own.int(own.chance(0.1) ? 14 : 4),
    };
  });
}

/** Older issues are more likely closed. */
function chooseClosed(random: Random, count: number, wanted: number): ReadonlySet<number> {
  const ranked = Array.from({ length: count }, (_, index) => ({
    index,
    weight: random.next() * (1.5 - index / count),
  })).sort((a, b) => b.weight - a.weight);
  return new Set(ranked.slice(0, wanted).map(({ index }) => index));
}

function drawStage(random: Random, closed: boolean, index: number, ageMs: number): Stage {
  const roll = random.next();
  if (closed) return roll < 0.84 || index === 0 ? "done" : roll < 0.95 ? "canceled" : "duplicate";
  if (ageMs < 20 * dayMs && roll > 0.7) return "triage";
  if (roll < 0.42) return "backlog";
  if (roll < 0.6) return "unstarted";
  if (roll < 0.7) return "planning";
  if (roll < 0.87) return "in_progress";
  return "in_review";
}

function drawPriority(random: Random, kind: Story["kind"]): Story["priority"] {
  const roll = random.next();
  if (kind === "bug") return roll < 0.07 ? 1 : roll < 0.3 ? 2 : roll < 0.65 ? 3 : roll < 0.85 ? 4 : 0;
  return roll < 0.02 ? 1 : roll < 0.15 ? 2 : roll < 0.5 ? 3 : roll < 0.75 ? 4 : 0;
}

function drawAssignees(random: Random, stage: Stage, logins: readonly string[]): string[] {
  const chance = stage === "triage" ? 0.1 : stage === "backlog" || stage === "unstarted" ? 0.35 : 0.92;
  if (!random.chance(chance)) return [];
  const first = random.pick(logins);
  const second = random.pick(logins);
  return random.chance(0.12) && second !== first ? [first, second] : [first];
}

function drawCycle(random: Random, stage: Stage): Story["cycle"] {
  if (stage === "triage" || stage === "canceled" || stage === "duplicate") return null;
  if (stage === "done") return random.chance(0.8) ? "past" : null;
  if (stage === "backlog") return random.chance(0.1) ? "next" : null;
  return random.chance(0.75) ? "current" : null;
}

function drawReferences(random: Random, draw: (random: Random) => string | null): string[] {
  if (!random.chance(0.12)) return [];
  const references = [draw(random), random.chance(0.3) ? draw(random) : null];
  return [...new Set(references.filter((reference) => reference !== null))];
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
