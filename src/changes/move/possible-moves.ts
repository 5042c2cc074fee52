import type { MoveChoice } from "../../domain/operation.ts";
import { labelOfMove, movesTo } from "../../domain/outward.ts";
import { statuses, statusLabels } from "../../domain/status.ts";
import type { PossibleMove } from "../changes.ts";
import type { AskChoices } from "./choose-move.ts";
import { type Movable, wayBack } from "./movable.ts";
import { nameOf, type SourceContext } from "../source-context.ts";

/** The possible moves of an issue; takes one request to the tracker if its workflow decides. */
export async function describeMoves(
  issue: Movable,
  source: SourceContext,
  ask: AskChoices,
): Promise<readonly PossibleMove[]> {
  const mapping = source.mapping();
  const { states } = await source.vocabulary();
  const names = new Map(states.map(({ id, name }) => [id, name]));
  const ways = statuses.map((status) => ({ status, moves: movesTo(mapping, states, issue, status) }));
  const asks = source.tracker.writing.choices && !source.config.shadow;
  const stateIds = [...new Set(ways.flatMap(({ moves }) => moves.map(({ stateId }) => stateId)))];
  const choices = asks && stateIds.length > 0 ? await ask(stateIds) : null;
  return ways.map(({ status, moves }): PossibleMove => {
    const back = wayBack({ moves }, issue);
    const first = back ?? moves[0];
    const state = first === undefined ? null : (names.get(first.stateId) ?? first.stateId);
    if (first === undefined) {
      const reason = `No state in ${nameOf(source)} maps to ${statusLabels[status]}.`;
      return { status, state: null, label: null, choices: [], allowed: false, reason };
    }
    const label = labelOfMove(mapping, issue, first, status);
    if (!asks || back !== undefined || status === issue.shown)
      return { status, state, label, choices: [], allowed: true, reason: null };
    if (choices === null) {
      const reason = `${source.tracker.label} could not be asked; it accepts or refuses the move when it is sent.`;
      return { status, state, label, choices: [], allowed: null, reason };
    }
    const fitting = distinct(moves.flatMap(({ stateId }) => choices.filter((choice) => choice.stateId === stateId)));
    const [only] = fitting;
    if (only === undefined) {
      const reason = `The ${source.tracker.label} workflow does not allow this move from the current state.`;
      return { status, state, label, choices: [], allowed: false, reason };
    }
    const asksForMore = fitting.length > 1 || only.fields.some(({ required }) => required);
    return { status, state: only.stateName, label, choices: asksForMore ? fitting : [], allowed: true, reason: null };
  });
}

function distinct(choices: readonly MoveChoice[]): MoveChoice[] {
  return choices.filter(({ id }, index) => choices.findIndex((choice) => choice.id === id) === index);
}
