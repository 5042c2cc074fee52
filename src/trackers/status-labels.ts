import { foldName } from "../domain/fold-name.ts";
import type { Label } from "../domain/issue.ts";
import type { Status } from "../domain/status.ts";

/** A label that represents a status. `outward: false`: moves never set it. */
export type StatusLabel = { readonly status: Status; readonly name: string; readonly outward?: false };

/**
 * The labels that represent statuses, under their names in this source; of two for one status, existing labels come first. `detected`: the names to look for;
 * if an issue has several, the first one counts. `replaced`: statuses that overrides map otherwise.
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
