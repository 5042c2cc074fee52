import { foldName } from "../../../src/domain/fold-name.ts";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";

type Form = SourceFormShape;

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.toReversed().map((item) => [key(item), item])).values()].toReversed();
}

/** What issues of several sources can choose from together; a name that several sources have is one choice. */
export function mergeForms(
  forms: readonly Form[],
): Pick<Form, "labels" | "members" | "cycles" | "priorities" | "newLabels"> {
  const numbers = new Set(forms.flatMap(({ priorities }) => priorities.map(({ priority }) => priority)));
  return {
    labels: uniqueBy(
      forms.flatMap(({ labels }) => labels),
      ({ name }) => foldName(name),
    ),
    members: uniqueBy(
      forms.flatMap(({ members }) => members),
      ({ login }) => login,
    ),
    cycles: uniqueBy(
      forms.flatMap(({ cycles }) => cycles),
      ({ name }) => foldName(name),
    ),
    priorities: [...numbers].sort((a, b) => a - b).map((priority) => ({ priority, native: nativeOf(forms, priority) })),
    newLabels: forms.every(({ newLabels }) => newLabels),
  };
}

/** The trackers' word for a priority, where they all have the same. */
function nativeOf(forms: readonly Form[], priority: number): string {
  const words = new Set(
    forms.flatMap(({ priorities }) =>
      priorities.filter((one) => one.priority === priority).map(({ native }) => native),
    ),
  );
  const [only] = words;
  return words.size === 1 ? (only ?? "") : "";
}
