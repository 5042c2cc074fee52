import { foldName } from "../../../src/domain/fold-name.ts";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { IssueChanges } from "../changes/use-issue-changes.ts";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { cycleChoices, cycleWords, type CycleChoice } from "./cycle-choices.ts";
import type { Entries } from "./entries.ts";

const ofEach = ["current", "next"] as const;

/** Entries for the cycles of some issues. Issues of several sources each go to their own source's cycle. `now` in milliseconds. */
export function cycleEntries(
  issues: readonly IssueShape[],
  forms: readonly SourceFormShape[],
  change: IssueChanges["change"],
  now: number,
): Entries {
  const cycles = cycleChoices(forms, now);
  const isMixed = forms.length > 1;
  const fits = ({ sources }: CycleChoice) => issues.filter(({ source }) => sources.has(source));
  const isForAll = (cycle: CycleChoice) => fits(cycle).length === issues.length;
  const manyTrackers = new Set(forms.map(({ tracker }) => tracker)).size > 1;
  const isIn = (issue: IssueShape, { name }: CycleChoice) =>
    issue.cycle !== null && foldName(issue.cycle.name) === foldName(name);
  const own = (issue: IssueShape, phase: (typeof ofEach)[number]) =>
    cycles.find((cycle) => cycle.phase === phase && cycle.sources.has(issue.source));
  const put = (chosen: readonly IssueShape[], cycleOf: (issue: IssueShape) => CycleChoice | undefined, what: string) =>
    change(
      chosen,
      (issue) => ({ cycle: cycleOf(issue)?.name ?? null }),
      (issue) => ({ cycle: shownCycle(cycleOf(issue)) }),
      what,
    );
  return {
    multiple: false,
    entries: [
      { id: "none", label: "None", checked: issues.every(({ cycle }) => cycle === null) },
      ...ofEach
        // Omitted if a single cycle covers all issues, because its entry does the same.
        .filter((phase) => isMixed && !cycles.some((cycle) => cycle.phase === phase && isForAll(cycle)))
        .map((phase) => ({ phase, count: issues.filter((issue) => own(issue, phase) !== undefined).length }))
        .filter(({ count }) => count > 0)
        .map(({ phase, count }) => ({
          id: `each ${phase}`,
          label: `Each issue’s ${phase} cycle`,
          also: `${phase} cycle sprint iteration milestone`,
          icon: <Icon name="sync" size={14} className="text-ink-3" />,
          ...(count < issues.length && { more: `${count} of ${issues.length} issues have one` }),
        })),
      ...cycles.map((cycle) => {
        const count = fits(cycle).length;
        const [tracker, another] = cycle.trackers;
        const words = [isMixed && !isForAll(cycle) ? `${count} of ${issues.length} issues` : "", cycleWords(cycle)];
        return {
          id: `cycle ${cycle.name}`,
          label: cycle.name,
          also: cycle.phase,
          icon:
            manyTrackers && tracker !== undefined && another === undefined ? (
              <TrackerGlyph tracker={tracker} />
            ) : (
              <Icon name="sync" size={14} className="text-ink-3" />
            ),
          more: words.filter((part) => part !== "").join(" · "),
          checked: issues.every((issue) => isIn(issue, cycle)),
        };
      }),
    ],
    choose: (id) => {
      const phase = ofEach.find((one) => id === `each ${one}`);
      const cycle = cycles.find(({ name }) => id === `cycle ${name}`);
      if (phase !== undefined) {
        const having = issues.filter((issue) => own(issue, phase) !== undefined);
        put(having, (issue) => own(issue, phase), `moved to ${having.length === 1 ? "its" : "their"} ${phase} cycle`);
      } else if (cycle === undefined) put(issues, () => undefined, "removed from cycle");
      else put(fits(cycle), () => cycle, `moved to ${cycle.name}`);
    },
  };
}

function shownCycle(cycle: CycleChoice | undefined): IssueShape["cycle"] {
  return cycle === undefined ? null : { name: cycle.name, startsAt: cycle.startsAt, endsAt: cycle.endsAt };
}
