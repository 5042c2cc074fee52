import { foldName } from "../../../src/domain/fold-name.ts";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import { formatLastDay } from "../ui/time.ts";

type Cycle = SourceFormShape["cycles"][number];
type Form = Pick<SourceFormShape, "source" | "tracker" | "cycles">;

const phases = ["current", "next", "later", "ended"] as const;
type Phase = (typeof phases)[number];

/** A cycle to choose: of one source, or of several sources that share its name. */
export type CycleChoice = Cycle & {
  readonly phase: Phase;
  readonly sources: ReadonlySet<string>;
  readonly trackers: ReadonlySet<string>;
};

function timeOf(at: string | null): number {
  return at === null ? Number.POSITIVE_INFINITY : Date.parse(at);
}

/** One source's cycles with their phases. The current one is the one that has begun or, if none has a start, the one that ends first. */
function phased(cycles: readonly Cycle[], now: number): { readonly cycle: Cycle; readonly phase: Phase }[] {
  const open = cycles
    .filter(({ endsAt }) => timeOf(endsAt) > now)
    .toSorted((a, b) => timeOf(a.endsAt) - timeOf(b.endsAt));
  const dated = open.filter(({ endsAt }) => endsAt !== null);
  const hasBegun = ({ startsAt }: Cycle) => startsAt !== null && Date.parse(startsAt) <= now;
  const begun = dated.filter(hasBegun);
  const current = begun.length > 0 || dated.some(({ startsAt }) => startsAt !== null) ? begun : dated.slice(0, 1);
  const next = dated.find((cycle) => !current.includes(cycle));
  return cycles.map((cycle) => {
    if (!open.includes(cycle)) return { cycle, phase: "ended" };
    return { cycle, phase: current.includes(cycle) ? "current" : cycle === next ? "next" : "later" };
  });
}

/** The cycles of these sources: current, next and later ones first, then ended ones, latest first. `now` in milliseconds. */
export function cycleChoices(forms: readonly Form[], now: number): readonly CycleChoice[] {
  const byName = new Map<string, CycleChoice>();
  for (const { source, tracker, cycles } of forms) {
    for (const { cycle, phase } of phased(cycles, now)) {
      const known = byName.get(foldName(cycle.name));
      const sooner = known === undefined || phases.indexOf(phase) < phases.indexOf(known.phase);
      byName.set(foldName(cycle.name), {
        ...(sooner ? { ...cycle, phase } : known),
        sources: new Set([...(known?.sources ?? []), source]),
        trackers: new Set([...(known?.trackers ?? []), tracker]),
      });
    }
  }
  return [...byName.values()].toSorted((a, b) => {
    if (a.phase !== b.phase) return phases.indexOf(a.phase) - phases.indexOf(b.phase);
    // Cycles without an end are equal.
    const later = timeOf(a.endsAt) === timeOf(b.endsAt) ? 0 : timeOf(a.endsAt) - timeOf(b.endsAt);
    return a.phase === "ended" ? -later : later;
  });
}

/** `current, ends 6 Dec`, `ended 16 Aug`; empty if there is nothing to say. */
export function cycleWords({ phase, endsAt }: Pick<CycleChoice, "phase" | "endsAt">): string {
  const when = phase === "current" || phase === "next" ? [phase] : [];
  const end = endsAt === null ? [] : [`${phase === "ended" ? "ended" : "ends"} ${formatLastDay(endsAt)}`];
  return [...when, ...end].join(", ");
}
