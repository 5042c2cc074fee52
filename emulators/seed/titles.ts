import type { Area } from "./area.ts";
import { customers } from "./company.ts";
import type { Random } from "./random.ts";
import type { Story } from "./story.ts";

export type Titled = Pick<Story, "title" | "kind">;

/** Titles for `count` issues of an area: each written one once, spread evenly, then each combination once; when those run out, customers' names make them distinct. */
export function makeTitles(random: Random, area: Area, count: number): Titled[] {
  const written: Titled[] = shuffle(random, [
    ...area.bugs.map((title): Titled => ({ title, kind: "bug" })),
    ...area.features.map((title): Titled => ({ title, kind: "feature" })),
    ...area.chores.map((title): Titled => ({ title, kind: "chore" })),
  ]);
  const used = new Set<string>();
  const titles: Titled[] = [];
  // Spread the written titles evenly; small sets consist of them.
  const every = Math.max(1, Math.floor(count / Math.max(1, written.length)));
  while (titles.length < count) {
    const next = titles.length % every === 0 ? written.pop() : undefined;
    const titled = next ?? combine(random, area, used);
    used.add(titled.title);
    titles.push(titled);
  }
  return titles;
}

function combine(random: Random, area: Area, used: ReadonlySet<string>): Titled {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const titled = draw(random, area);
    if (!used.has(titled.title)) return titled;
  }
  const { title, kind } = draw(random, area);
  return { title: `${title} (${random.pick(customers)})`, kind };
}

function draw(random: Random, { phrases, things }: Area): Titled {
  const thing = random.pick(things);
  const roll = random.next();
  if (roll < 0.55) {
    const { failures, conditions } = random.pick(phrases.bugs);
    return { title: `${capitalise(thing)} ${random.pick(failures)} ${random.pick(conditions)}`, kind: "bug" };
  }
  if (roll < 0.82) return { title: random.pick(phrases.features).replace("{thing}", thing), kind: "feature" };
  return { title: random.pick(phrases.chores).replace("{thing}", thing), kind: "chore" };
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function shuffle<T>(random: Random, items: T[]): T[] {
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = random.int(index + 1);
    const [a, b] = [items[index], items[other]];
    if (a !== undefined && b !== undefined) [items[index], items[other]] = [b, a];
  }
  return items;
}
