/** Which of these files each file imports. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Circles of files that import each other, as sentences, the shortest first; empty when there is none. Of circles that share a file only the shortest is told. */
export function importCircles(imports: Imports): string[] {
  const tied = withoutLooseEnds(imports);
  const circles = [...tied.keys()]
    .map((file) => shortestWayBack(file, tied))
    .filter((circle) => circle !== null)
    .toSorted((a, b) => a.length - b.length);
  const told = new Set<string>();
  return circles.flatMap((circle) => {
    if (circle.some((file) => told.has(file))) return [];
    for (const file of circle) told.add(file);
    return [describe(circle)];
  });
}

/** Without the files that import none of the others, and those that none of the others import, until there are no such: they are in no circle. */
function withoutLooseEnds(imports: Imports): Imports {
  const imported = new Set([...imports.values()].flat());
  const left = new Map(
    [...imports]
      .filter(([file]) => imported.has(file))
      .map(([file, targets]) => [file, targets.filter((target) => imports.has(target))] as const)
      .filter(([, targets]) => targets.length > 0),
  );
  return left.size === imports.size ? left : withoutLooseEnds(left);
}

/** The files from this one to the last before it is reached again; null where no way leads back. */
function shortestWayBack(start: string, imports: Imports): readonly string[] | null {
  const from = new Map<string, string>();
  const waiting = [start];
  // What is found is put behind what waits: the nearest comes first.
  for (const file of waiting) {
    for (const target of imports.get(file) ?? []) {
      if (target === start) return wayTo(file, from);
      if (from.has(target)) continue;
      from.set(target, file);
      waiting.push(target);
    }
  }
  return null;
}

function wayTo(end: string, from: ReadonlyMap<string, string>): readonly string[] {
  const before = from.get(end);
  return before === undefined ? [end] : [...wayTo(before, from), end];
}

function describe(circle: readonly string[]): string {
  const [first = "", ...rest] = circle;
  if (rest.length === 0) return `${first}: imports itself`;
  const way = [...rest, first].join(", which imports ");
  return `${first}: imports in a circle: it imports ${way}. What both sides need belongs in a file of its own, types too.`;
}
