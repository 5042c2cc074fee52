import { foldName } from "../domain/fold-name.ts";
import type { Label } from "../domain/issue.ts";
import type { Status } from "../domain/status.ts";

/** A label that says how far an issue is. `outward: false`: never set by a move. */
export type StatusLabel = { readonly status: Status; readonly name: string; readonly outward?: false };

/**
 * The labels that stand for statuses, by their names in one source; of two for one status those that are there come first. `detected`: the names that are looked for; on
 * an issue with several the first of them counts. `replaced`: the statuses that overrides say something else of.
 */
export function statusLabels(
  detected: readonly StatusLabel[],
  labels: readonly Label[],
  replaced: ReadonlySet<Status>,
): readonly StatusLabel[] {
  const own = new Map(labels.map(({ name }) => [foldName(name), name]));
  const isThere = ({ name }: StatusLabel) => own.has(foldName(name));
  const order = [...new Set(detected.map(({ status }) => status))].filter((status) => !replaced.has(status));
  return order.flatMap((status) => {
    const all = detected.filter((label) => label.status === status);
    return [...all.filter(isThere), ...all.filter((label) => !isThere(label))].map((label) => ({
      ...label,
      name: own.get(foldName(label.name)) ?? label.name,
    }));
  });
}
