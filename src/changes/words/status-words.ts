import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { NativeState } from "../../domain/issue.ts";
import { statusOf } from "../../domain/mapping.ts";
import { type Move, movesTo, type Placed } from "../../domain/outward.ts";
import { type Status, statuses, statusLabels } from "../../domain/status.ts";
import { nameOf, type SourceContext } from "../source-context.ts";
import { findByName, unknownWord } from "./unknown-word.ts";

/** The target of a move, and the possible moves, the preferred one first. */
export type Destination = {
  readonly status: Status;
  readonly moves: readonly Move[];
  /** A native state was named, not one of the six statuses. */
  readonly isNative: boolean;
};

/**
 * Reads one of the six statuses (`In Review`, `in-review`), or a native state's name. Throws `invalid_input` for an unknown word, and `unsupported` for a
 * status that the source's mapping lacks.
 */
export async function readDestination(written: string, issue: Placed, source: SourceContext): Promise<Destination> {
  const mapping = source.mapping();
  const { states } = await source.vocabulary();
  const status = statuses.find((one) => foldName(one) === foldName(written));
  if (status !== undefined) {
    const moves = movesTo(mapping, states, issue, status);
    if (moves.length > 0) return { status, moves, isNative: false };
    throw new PanopticonError(
      "unsupported",
      `No state in ${nameOf(source)} maps to ${statusLabels[status]}${issue.type === "" ? "" : ` for a ${issue.type}`}.`,
      { hint: `Show the mapping with pan states ${source.config.project}, and set a state for it in projects.yaml.` },
    );
  }
  const known = statuses.map((one) => statusLabels[one]);
  return toState(written, issue, source, { states, noun: "status", known, hint: `Available: ${known.join(", ")}.` });
}

/** Reads a native state by its name, even if that is also a status. Throws `invalid_input` for an unknown one. */
export async function readState(written: string, issue: Placed, source: SourceContext): Promise<Destination> {
  const { states } = await source.vocabulary();
  return toState(written, issue, source, { states, noun: "state", known: [], hint: undefined });
}

function toState(
  written: string,
  issue: Placed,
  source: SourceContext,
  among: {
    readonly states: readonly NativeState[];
    readonly noun: string;
    readonly known: readonly string[];
    readonly hint: string | undefined;
  },
): Destination {
  const possible = statesFor(issue, among.states);
  const state = findByName("state", written, possible);
  if (state === undefined) {
    const known = [...among.known, ...possible.map(({ name }) => name)];
    throw unknownWord(among.noun, written, known, nameOf(source), among.hint);
  }
  return {
    status: statusOf(source.mapping(), { stateId: state.id, labels: issue.labels }),
    moves: [{ stateId: state.id, addLabels: [], removeLabels: [] }],
    isNative: true,
  };
}

/** The native states that an issue can have: those of its type and, if states belong to places, of its present place. */
export function statesFor(issue: Pick<Placed, "type" | "stateId">, states: readonly NativeState[]): NativeState[] {
  const here = states.find(({ id }) => id === issue.stateId)?.place;
  return states.filter(
    ({ types, place }) =>
      (types === undefined || types.includes(issue.type)) &&
      (place === undefined || here === undefined || place === here),
  );
}
