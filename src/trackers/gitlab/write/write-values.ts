import { PanopticonError } from "../../../domain/error.ts";
import type { LabelRef } from "../../../domain/operation.ts";
import type { NativeEdit } from "../../tracker.ts";

const tracker = "gitlab";

/** A day as GitLab takes it; `""`: none. What is no day GitLab would take for none, without a word. */
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

/** Names as GitLab takes them, in a list that it parts at the commas: none can be inside. */
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

/** The number in `milestone:12`; null for what is of another kind. */
export function cycleNumber(cycleId: string, kind: "milestone" | "iteration"): number | null {
  const number = cycleId.startsWith(`${kind}:`) ? cycleId.slice(kind.length + 1) : "";
  return /^\d+$/.test(number) ? Number(number) : null;
}

/** Throws `unsupported` for what no issue on GitLab has. */
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
