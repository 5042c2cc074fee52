import { PanopticonError } from "../../../domain/error.ts";
import type { LabelRef } from "../../../domain/operation.ts";
import type { NativeEdit } from "../../tracker.ts";

const tracker = "gitlab";

/** A date as GitLab takes it; `""` for none. Throws `invalid_input` for an invalid date, which GitLab would silently read as none. */
export function dayOf(day: string | null): string {
  if (day === null) return "";
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(day)) return day;
  throw new PanopticonError("invalid_input", `"${day}" is not a date: use the format 2026-11-22.`, {
    tracker,
    field: "dueDate",
  });
}

export function weightOf(estimate: number | null): number | null {
  if (estimate === null || (Number.isInteger(estimate) && estimate >= 0)) return estimate;
  throw new PanopticonError("invalid_input", `GitLab weights are whole numbers from 0, not ${estimate}.`, {
    tracker,
    field: "estimate",
  });
}

const types: readonly string[] = ["issue", "incident", "task", "test_case"];

export function typeOf(type: string): string {
  if (types.includes(type)) return type;
  throw new PanopticonError("invalid_input", `GitLab has no type "${type}".`, {
    tracker,
    candidates: types,
    field: "type",
  });
}

/** Label names as GitLab takes them, in a comma-separated list; throws `invalid_input` for a name with a comma. */
export function labelNamesOf(labels: readonly LabelRef[]): string[] {
  const odd = labels.find(({ name }) => name.includes(",") || name.trim() === "");
  if (odd === undefined) return labels.map(({ name }) => name);
  throw new PanopticonError(
    "invalid_input",
    `"${odd.name}" is not a valid GitLab label name: it is empty or contains a comma.`,
    {
      tracker,
      field: "labels",
    },
  );
}

/** The number in `milestone:12`; null for another kind. */
export function cycleNumber(cycleId: string, kind: "milestone" | "iteration"): number | null {
  const number = cycleId.startsWith(`${kind}:`) ? cycleId.slice(kind.length + 1) : "";
  return /^\d+$/.test(number) ? Number(number) : null;
}

/** Throws `unsupported` for fields that issues on GitLab do not have. */
export function refuseForeign({ nativePriority, fields }: Pick<NativeEdit, "nativePriority" | "fields">): void {
  const own = Object.keys(fields ?? {})[0];
  const foreign = own ?? (nativePriority == null ? undefined : "priority");
  if (foreign === undefined) return;
  throw new PanopticonError("unsupported", `An issue on GitLab has no field "${foreign}" of its own.`, {
    tracker,
    hint: own === undefined ? "On GitLab, priorities are labels." : "Leave it out.",
    field: foreign,
  });
}
