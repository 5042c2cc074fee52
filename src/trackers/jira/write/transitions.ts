import { PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import type { MoveChoice } from "../../../domain/operation.ts";
import type { Source } from "../../tracker.ts";
import { isAskedFor, toFieldSpec } from "./field-meta.ts";
import { isPlainResolution } from "../mapping.ts";
import type { Transition } from "../schema.ts";

/** The parts of a state's id: its status and its resolution. */
export function partsOf(stateId: string): { readonly statusId: string; readonly resolutionId: string | null } {
  const [statusId = "", resolutionId = null] = stateId.split(":");
  return { statusId, resolutionId };
}

/** A transition to a state, with the resolution that the state requires. */
export type Way = {
  readonly transition: Transition;
  /** null if the transition's screen has none, or if the user has to choose it. */
  readonly resolutionId: string | null;
  /** The required fields that are still missing. */
  readonly asks: readonly string[];
};

/** The ways to a state among an issue's current transitions. */
export function waysTo(stateId: string, transitions: readonly Transition[]): Way[] {
  const { statusId, resolutionId } = partsOf(stateId);
  return transitions.flatMap((transition): Way[] => {
    if (transition.to.id !== statusId) return [];
    const fields = transition.fields ?? {};
    const asks = Object.entries(fields)
      .filter(([id, meta]) => id !== "resolution" && isAskedFor(meta))
      .map(([id]) => id);
    const resolutions = resolutionsOf(transition);
    if (resolutionId !== null) {
      return resolutions.some(({ id }) => id === resolutionId) ? [{ transition, resolutionId, asks }] : [];
    }
    const plain = resolutions.find(({ name }) => isPlainResolution(name));
    const isAsked = plain === undefined && fields["resolution"] !== undefined && isAskedFor(fields["resolution"]);
    return [{ transition, resolutionId: plain?.id ?? null, asks: isAsked ? ["resolution", ...asks] : asks }];
  });
}

/** The resolutions that a transition's screen offers. */
function resolutionsOf({ fields }: Transition): readonly { readonly id: string; readonly name: string }[] {
  const meta = fields?.["resolution"];
  return meta === undefined ? [] : toFieldSpec("resolution", meta).options;
}

export function toChoice(
  { transition, asks }: Way,
  stateId: string,
  stateName: string,
  reversible: boolean,
): MoveChoice {
  const fields = transition.fields ?? {};
  return {
    id: transition.id,
    name: transition.name,
    stateId,
    stateName,
    fields: asks.flatMap((id) => {
      const meta = fields[id];
      return meta === undefined ? [] : [toFieldSpec(id, meta)];
    }),
    reversible,
  };
}

/** The name of a state: the status, with its resolution if that makes it a different state. */
export function nameOfState({ transition, resolutionId }: Way, stateId: string): string {
  const { name } = transition.to;
  if (partsOf(stateId).resolutionId === null) return name;
  const resolution = resolutionsOf(transition).find(({ id }) => id === resolutionId);
  return resolution === undefined ? name : `${name} (${resolution.name})`;
}

/** How long a workflow's transitions are cached while a user drags a card, in milliseconds. */
const fresh = 3 * 60 * 1000;

/** Recently seen transitions from each state; each issue type has its own workflow. */
export type SeenTransitions = {
  learn(source: Source, issue: NativeIssue, transitions: readonly Transition[]): void;
  recall(source: Source, issue: Pick<NativeIssue, "type" | "stateId">): readonly Transition[] | null;
};

export function createSeenTransitions(now: () => number): SeenTransitions {
  const seen = new Map<string, { readonly at: number; readonly transitions: readonly Transition[] }>();
  const keyOf = (source: Source, { type, stateId }: Pick<NativeIssue, "type" | "stateId">) =>
    JSON.stringify([source.nativeId ?? source.key, type, partsOf(stateId).statusId]);
  return {
    learn(source, issue, transitions) {
      seen.set(keyOf(source, issue), { at: now(), transitions });
    },
    recall(source, issue) {
      const known = seen.get(keyOf(source, issue));
      return known === undefined || now() - known.at > fresh ? null : known.transitions;
    },
  };
}

/** The error if the workflow does not lead to the state, with the states it leads to. */
export function noWay(issue: Pick<NativeIssue, "key">, transitions: readonly Transition[]): PanopticonError {
  const names = [...new Set(transitions.map(({ to }) => to.name))];
  return new PanopticonError("invalid_input", `Jira's workflow does not allow this move of ${issue.key} now.`, {
    tracker: "jira",
    field: "status",
    candidates: names,
    hint:
      names.length === 0
        ? "This account has no transitions from the current status: it may lack the permission to transition issues."
        : `From its current status it can move to: ${names.join(", ")}.`,
  });
}
