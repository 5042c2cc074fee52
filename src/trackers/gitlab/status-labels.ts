import { foldName } from "../../domain/fold-name.ts";
import type { Label } from "../../domain/issue.ts";
import type { Status } from "../../domain/status.ts";

/** A label that says how far an issue is. `outward: false`: never set by a move. */
export type StatusLabel = { readonly status: Status; readonly name: string; readonly outward?: false };

/** With several the first of these counts. */
const detected: readonly StatusLabel[] = [
  { status: "in_review", name: "workflow::in review" },
  { status: "in_progress", name: "workflow::in progress" },
  { status: "planning", name: "workflow::planning" },
  { status: "planning", name: "planning" },
  { status: "canceled", name: "canceled" },
  { status: "canceled", name: "duplicate", outward: false },
];

/** The labels of a project's statuses by their names there; of two for one status those that are there come first. */
export function statusLabels(labels: readonly Label[], replaced: ReadonlySet<Status>): readonly StatusLabel[] {
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
