import { foldName } from "../../../src/domain/fold-name.ts";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";

type Form = SourceFormShape;

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.toReversed().map((item) => [key(item), item])).values()].toReversed();
}

/** Keeps the order of a single source; items of several sources are sorted by name. */
function inOrder<T>(items: readonly T[], forms: readonly Form[], name: (item: T) => string): readonly T[] {
  if (forms.length < 2) return items;
  return items.toSorted((a, b) => name(a).localeCompare(name(b), "en", { sensitivity: "base", numeric: true }));
}

/** The combined choices of several sources; a name they share is one choice. */
export function mergeForms(
  forms: readonly Form[],
): Pick<Form, "labels" | "members" | "assignees" | "priorities" | "newLabels"> {
  const numbers = new Set(forms.flatMap(({ priorities }) => priorities.map(({ priority }) => priority)));
  return {
    labels: [
      ...inOrder(
        uniqueBy(
          forms.flatMap(({ labels }) => labels),
          ({ name }) => foldName(name),
        ),
        forms,
        ({ name }) => name,
      ),
    ],
    members: [
      ...inOrder(
        uniqueBy(
          forms.flatMap(({ members }) => members),
          ({ login }) => login,
        ),
        forms,
        ({ name, login }) => name || login,
      ),
    ],
    assignees: forms.every(({ assignees }) => assignees === "many") ? "many" : "one",
    priorities: [...numbers].sort((a, b) => a - b).map((priority) => ({ priority, native: nativeOf(forms, priority) })),
    newLabels: forms.every(({ newLabels }) => newLabels),
  };
}

/** The trackers' name for a priority, if they all use the same. */
function nativeOf(forms: readonly Form[], priority: number): string {
  const words = new Set(
    forms.flatMap(({ priorities }) =>
      priorities.filter((one) => one.priority === priority).map(({ native }) => native),
    ),
  );
  const [only] = words;
  return words.size === 1 ? (only ?? "") : "";
}
