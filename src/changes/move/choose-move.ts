import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { FieldSpec, MoveChoice } from "../../domain/operation.ts";
import type { Move } from "../../domain/outward.ts";
import { statusLabels } from "../../domain/status.ts";
import { missingFields, readOwnFields } from "../words/own-fields.ts";
import type { SourceContext } from "../source-context.ts";
import type { Destination } from "../words/status-words.ts";
import { unknownWord } from "../words/unknown-word.ts";

/** Requests the transitions to these states from the tracker; null: it did not answer in time. */
export type AskChoices = (stateIds: readonly string[]) => Promise<readonly MoveChoice[] | null>;

/** The user's answer to `choice_needed`. */
export type MoveAnswer = { readonly transition: string | undefined; readonly fields: unknown };

export type ChosenMove = {
  readonly move: Move;
  readonly transition: string | undefined;
  readonly fields: ReadonlyMap<string, unknown>;
};

type Way = { readonly move: Move; readonly choice: MoveChoice };

/**
 * Chooses the transition of a move if the tracker's workflow decides: the only one, the one set in projects.yaml, or the user's answer. If the tracker does not
 * answer in time, it decides when the move is sent. Throws `choice_needed` if there are several or one requires fields, and `invalid_input` with the possible
 * states if the workflow does not allow the move.
 */
export async function chooseMove(options: {
  readonly destination: Destination;
  readonly answer: MoveAnswer;
  /** The issue type's own fields, which may change with the move. */
  readonly ownFields: readonly FieldSpec[];
  readonly source: SourceContext;
  readonly ask: AskChoices;
  readonly allStates: () => Promise<readonly string[]>;
}): Promise<ChosenMove> {
  const { destination, answer, ownFields, source, ask } = options;
  const choices = await ask([...new Set(destination.moves.map(({ stateId }) => stateId))]);
  if (choices === null) {
    const [move] = destination.moves;
    if (move === undefined) throw cannotAsk(source);
    return { move, transition: answer.transition, fields: await readOwnFields(answer.fields, null, source) };
  }
  const ways = destination.moves.flatMap((move) =>
    choices.filter(({ stateId }) => stateId === move.stateId).map((choice): Way => ({ move, choice })),
  );
  if (ways.length === 0) throw await noWay(options);
  const way = pickWay(ways, options);
  const fields = await readOwnFields(answer.fields, [...ownFields, ...way.choice.fields], source);
  const missing = missingFields(way.choice.fields, fields);
  if (missing.length > 0) {
    throw new PanopticonError(
      "choice_needed",
      `“${way.choice.name}” requires ${missing.map(({ name }) => name).join(" and ")}.`,
      { hint: "Give it with --field NAME=VALUE (in the API: fields).", choices: [way.choice] },
    );
  }
  return { move: way.move, transition: way.choice.id, fields };
}

function pickWay(ways: readonly Way[], { destination, answer, source }: Parameters<typeof chooseMove>[0]): Way {
  const { transition } = answer;
  if (transition !== undefined) {
    const named = ways.find(({ choice }) => choice.id === transition || foldName(choice.name) === foldName(transition));
    if (named !== undefined) return named;
    throw unknownWord(
      "transition",
      transition,
      ways.map(({ choice }) => choice.name),
      `the ways to ${nameOfDestination(destination)}`,
    );
  }
  const set = new Set(
    source
      .mapping()
      .statusRules.filter(({ origin, status }) => origin === "set" && status === destination.status)
      .map(({ stateId }) => stateId),
  );
  const wanted = ways.filter(({ move }) => set.has(move.stateId));
  const fitting = destination.isNative || wanted.length === 0 ? ways : wanted;
  // A single transition that can end in several states (Jira's resolutions) is not a choice: the first state in the tracker's order counts.
  const distinct = fitting.filter(
    ({ choice }, index) => fitting.findIndex((way) => way.choice.id === choice.id) === index,
  );
  const [only, ...others] = distinct;
  if (only !== undefined && others.length === 0) return only;
  throw new PanopticonError(
    "choice_needed",
    `There are ${distinct.length} ways to ${nameOfDestination(destination)}.`,
    {
      hint: `Choose one with --transition (in the API: transition): ${distinct.map(({ choice }) => choice.name).join(", ")}.`,
      choices: distinct.map(({ choice }) => choice),
    },
  );
}

async function noWay({
  destination,
  source,
  ask,
  allStates,
}: Parameters<typeof chooseMove>[0]): Promise<PanopticonError> {
  const possible = (await ask(await allStates())) ?? [];
  const names = [...new Set(possible.map(({ stateName }) => stateName))];
  return new PanopticonError(
    "invalid_input",
    `The ${source.tracker.label} workflow does not allow a move from the current state to ${nameOfDestination(destination)}.`,
    {
      hint:
        names.length === 0
          ? "No moves from the current state are allowed with these credentials."
          : `Allowed: ${names.join(", ")}.`,
      candidates: names,
    },
  );
}

function cannotAsk({ tracker }: SourceContext): PanopticonError {
  return new PanopticonError("unreachable", `${tracker.label} could not be asked which moves this issue allows.`, {
    hint: "Move it to a status instead; the move waits until it can be sent.",
  });
}

function nameOfDestination({ status }: Destination): string {
  return statusLabels[status];
}
