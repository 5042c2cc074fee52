import { foldName } from "../domain/fold-name.ts";
import type { Label } from "../domain/issue.ts";
import type { PriorityRule } from "../domain/mapping.ts";
import type { Priority } from "../domain/priority.ts";

const words: Readonly<Record<string, Priority>> = {
  urgent: 1,
  critical: 1,
  highest: 1,
  blocker: 1,
  high: 2,
  medium: 3,
  normal: 3,
  moderate: 3,
  low: 4,
  lowest: 4,
};

/** Folded label names that mean a priority: `P0` to `P3`, `priority: high`, `priority/high`, `high priority`, `priority::1`. */
const names: ReadonlyMap<string, Priority> = new Map([
  ...([1, 2, 3, 4] as const).flatMap((priority): [string, Priority][] => [
    [`p${priority - 1}`, priority],
    [`priority:p${priority - 1}`, priority],
    [`priority::p${priority - 1}`, priority],
    [`priority/p${priority - 1}`, priority],
    [`priority::${priority}`, priority],
    [`priority:${priority}`, priority],
  ]),
  ...Object.entries(words).flatMap(([word, priority]): [string, Priority][] => [
    [`priority:${word}`, priority],
    [`priority::${word}`, priority],
    [`priority/${word}`, priority],
    [`priority${word}`, priority],
    [`${word}priority`, priority],
    [`p:${word}`, priority],
  ]),
]);

/** The priorities that a source's labels stand for, most urgent first, for trackers without native priorities. Matches whole names only. */
export function findLabelPriorities(labels: readonly Label[]): PriorityRule[] {
  return labels
    .flatMap((label) => {
      const priority = names.get(foldName(label.name));
      return priority === undefined ? [] : [{ label: label.name, priority }];
    })
    .sort((a, b) => a.priority - b.priority);
}
