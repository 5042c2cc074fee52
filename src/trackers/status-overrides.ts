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
 * a warning with the nearest names, and the detected mapping stays in force.
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

  for (const [name, value] of Object.entries(overrides)) {
    const status = foldedStatus(name);
    if (status === undefined) {
      warn(`"${name}" is not a status.`, name, statuses);
      continue;
    }
    const label = /^label:(.*)$/is.exec(value)?.[1]?.trim();
    if (label !== undefined) {
      const states = source.states.filter((state) => source.isFinishedState(state) === isFinished(status));
      rules.push(...states.map((state): StatusRule => ({ stateId: state.id, label, status, origin: "set" })));
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
    rules.push(...found.map((state): StatusRule => ({ stateId: state.id, status, origin: "set" })));
    replaced.add(status);
  }
  // Rules with a label are more specific; a rule for the state alone would hide them.
  const ordered = [
    ...rules.filter((rule) => rule.label !== undefined),
    ...rules.filter((rule) => rule.label === undefined),
  ];
  return { rules: ordered, replaced, warnings };
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
