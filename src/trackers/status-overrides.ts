import { PanopticonError } from "../domain/error.ts";
import { foldName } from "../domain/fold-name.ts";
import type { Label, NativeState } from "../domain/issue.ts";
import type { StatusRule } from "../domain/mapping.ts";
import { nearestWord } from "../domain/nearest-word.ts";
import { isFinished, isStatus, statuses, type Status } from "../domain/status.ts";

export type Overrides = {
  /** To be placed before the detected rules. */
  readonly rules: readonly StatusRule[];
  /** Statuses with a valid override, for which names are no longer detected. */
  readonly replaced: ReadonlySet<Status>;
  readonly warnings: readonly PanopticonError[];
};

/**
 * Reads `states:` of projects.yaml: status → native state (its name or id, compared folded) or `label:name`. A name that matches nothing in this source becomes
 * a warning with the nearest names, one that an earlier status has a warning that names both; the detected mapping stays in force.
 */
export function readOverrides(
  overrides: Readonly<Record<string, string>>,
  source: {
    readonly tracker: string;
    readonly states: readonly NativeState[];
    readonly isFinishedState: (state: NativeState) => boolean;
    readonly labels: readonly Label[];
    /** Alternative names of states: name → state id. */
    readonly aliases?: Readonly<Record<string, string>>;
  },
): Overrides {
  const rules: StatusRule[] = [];
  const replaced = new Set<Status>();
  const warnings: PanopticonError[] = [];
  const warn = (message: string, given: string, known: readonly string[]) => {
    const near = nearestWord(given, known);
    warnings.push(
      new PanopticonError("invalid_input", message, {
        tracker: source.tracker,
        candidates: near === undefined ? known : [near, ...known.filter((name) => name !== near)],
        hint:
          near === undefined
            ? `Available: ${listSome(known)}. Change it under "states" in projects.yaml.`
            : `Did you mean "${near}"? Change it under "states" in projects.yaml.`,
      }),
    );
  };

  /** Adds the rules of one override; false if others decide them all. */
  const add = (more: readonly StatusRule[], shown: string): boolean => {
    const taken = more.flatMap((rule) => rules.find((one) => decidesSame(one, rule)) ?? []);
    const [first] = taken;
    if (first !== undefined && more[0] !== undefined) {
      const message = `${shown} is mapped to both ${first.status} and ${more[0].status}: ${first.status} counts.`;
      const hint = 'Keep one of the two under "states" in projects.yaml.';
      warnings.push(new PanopticonError("invalid_input", message, { tracker: source.tracker, hint }));
    }
    rules.push(...more.filter((rule) => !taken.some((one) => decidesSame(one, rule))));
    return taken.length < more.length;
  };

  for (const [name, value] of Object.entries(overrides)) {
    const status = foldedStatus(name);
    if (status === undefined) {
      warn(`"${name}" is not a status.`, name, statuses);
      continue;
    }
    const label = /^label:(.*)$/is.exec(value)?.[1]?.trim();
    if (label !== undefined) {
      const states = source.states.filter((state) => source.isFinishedState(state) === isFinished(status));
      const isUsed = add(
        states.map((state): StatusRule => ({ stateId: state.id, label, status, origin: "set" })),
        `The label "${label}"`,
      );
      if (!isUsed) continue;
      replaced.add(status);
      if (!source.labels.some((known) => foldName(known.name) === foldName(label))) {
        warn(
          `The label "${label}", which is mapped to ${status}, does not exist yet.`,
          label,
          source.labels.map((known) => known.name),
        );
      }
      continue;
    }
    const alias = Object.entries(source.aliases ?? {}).find(([known]) => foldName(known) === foldName(value))?.[1];
    const found = source.states.filter((state) =>
      [state.id, state.name].some((known) => foldName(known) === foldName(alias ?? value)),
    );
    if (found.length === 0) {
      warn(
        `The state "${value}", which is mapped to ${status}, does not exist.`,
        value,
        source.states.map((state) => state.name),
      );
      continue;
    }
    const isUsed = add(
      found.map((state): StatusRule => ({ stateId: state.id, status, origin: "set" })),
      `The state "${value}"`,
    );
    if (isUsed) replaced.add(status);
  }
  // Rules with a label are more specific; a rule for the state alone would hide them.
  const ordered = [
    ...rules.filter((rule) => rule.label !== undefined),
    ...rules.filter((rule) => rule.label === undefined),
  ];
  return { rules: ordered, replaced, warnings };
}

function decidesSame(a: StatusRule, b: StatusRule): boolean {
  return a.stateId === b.stateId && foldName(a.label ?? "") === foldName(b.label ?? "");
}

function foldedStatus(name: string): Status | undefined {
  if (isStatus(name)) return name;
  return statuses.find((status) => foldName(status) === foldName(name));
}

const maxListed = 20;

function listSome(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const more = names.length - maxListed;
  return `${names.slice(0, maxListed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
