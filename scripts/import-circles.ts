/** The imports of each file. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Import cycles as sentences, shortest first; empty if there are none. Of cycles that share a file, only the shortest is reported. */
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

/** Repeatedly removes files that import no other or are not imported: they are in no cycle. */
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

/** The shortest cycle through this file, without repeating it at the end; null if there is none. */
function shortestWayBack(start: string, imports: Imports): readonly string[] | null {
  const from = new Map<string, string>();
  const waiting = [start];
  // Breadth first, to find the shortest.
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
