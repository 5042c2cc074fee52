import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import { statusOf } from "../../domain/mapping.ts";
import type { IssueType } from "../../domain/operation.ts";
import type { Status } from "../../domain/status.ts";
import type { IssuePatch } from "../changes.ts";
import { type AskChoices, chooseMove, type ChosenMove } from "./choose-move.ts";
import { type Movable, wayBack } from "./movable.ts";
import { readOwnFields } from "../words/own-fields.ts";
import type { SourceContext } from "../source-context.ts";
import { type Destination, readDestination, readState, statesFor } from "../words/status-words.ts";
import { readText } from "../words/text-words.ts";
import { unknownWord } from "../words/unknown-word.ts";

export type ReadMove = ChosenMove & { readonly status: Status };

/** Reads where a patch moves an issue, and how; null if it does not move. */
export async function readMove(
  patch: Pick<IssuePatch, "status" | "state" | "transition" | "fields">,
  issue: Movable,
  options: { readonly source: SourceContext; readonly type: IssueType | undefined; readonly ask: AskChoices },
): Promise<ReadMove | null> {
  const { source, type, ask } = options;
  const { writing, label } = source.tracker;
  const transition = patch.transition === undefined ? undefined : readText(patch.transition, "transition").trim();
  if (transition !== undefined && !writing.choices) {
    throw new PanopticonError("unsupported", `Moves in ${label} have no transitions to choose from.`);
  }
  const allStates = async () => statesFor(issue, (await source.vocabulary()).states).map(({ id }) => id);
  const destination = await readWanted();
  if (destination === null) return transition === undefined ? null : byTransition(transition, patch.fields);
  if (transition === undefined && isThere(destination, issue)) return null;
  const back = transition === undefined ? wayBack(destination, issue) : undefined;
  const move = back ?? destination.moves[0];
  if (move === undefined) return null;
  // A local move does not ask the tracker.
  if (back !== undefined || !writing.choices || source.config.shadow) {
    const fields = await readOwnFields(patch.fields, type?.fields ?? null, source);
    return { move, transition: undefined, fields, status: destination.status };
  }
  const chosen = await chooseMove({
    destination,
    answer: { transition, fields: patch.fields },
    ownFields: type?.fields ?? [],
    source,
    ask,
    allStates,
  });
  return { ...chosen, status: destination.status };

  async function readWanted(): Promise<Destination | null> {
    const { status, state } = patch;
    if (state === undefined) {
      return status === undefined ? null : readDestination(readText(status, "status").trim(), issue, source);
    }
    if (status === undefined) return readState(readText(state, "state").trim(), issue, source);
    throw new PanopticonError("invalid_input", "A status and a native state are two different moves.", {
      hint: "Choose one of them.",
    });
  }

  /** A transition alone determines the target state. */
  async function byTransition(name: string, fields: unknown): Promise<ReadMove> {
    const choices = await ask(await allStates());
    const named = choices?.filter((choice) => choice.id === name || foldName(choice.name) === foldName(name)) ?? [];
    if (choices !== null && named.length === 0) {
      throw unknownWord(
        "transition",
        name,
        choices.map((choice) => choice.name),
        "the ways of this issue",
      );
    }
    const moves = named.map(({ stateId }) => ({ stateId, addLabels: [], removeLabels: [] }));
    const stateId = moves[0]?.stateId ?? issue.stateId;
    const status = statusOf(source.mapping(), { stateId, labels: issue.labels });
    const chosen = await chooseMove({
      destination: { status, moves, isNative: true },
      answer: { transition: name, fields },
      ownFields: type?.fields ?? [],
      source,
      ask: () => Promise.resolve(choices === null ? null : named),
      allStates: () => Promise.resolve([]),
    });
    return { ...chosen, status };
  }
}

function isThere(destination: Destination, issue: Movable): boolean {
  if (!destination.isNative) return destination.status === issue.shown;
  return destination.moves[0]?.stateId === issue.stateId && destination.status === issue.shown;
}
