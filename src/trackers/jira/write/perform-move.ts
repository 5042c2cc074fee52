import { PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import type { MoveChoice } from "../../../domain/operation.ts";
import type { Source } from "../../tracker.ts";
import { beforehand } from "../../beforehand.ts";
import type { JiraClient } from "../client.ts";
import { toFieldValue, type ValueContext } from "./field-meta.ts";
import { type Transition, TransitionList } from "../schema.ts";
import { nameOfState, noWay, partsOf, type SeenTransitions, toChoice, type Way, waysTo } from "./transitions.ts";
import type { MoveRequest } from "./write-plan.ts";

export type Moving = {
  readonly client: JiraClient;
  readonly seen: SeenTransitions;
  readonly values: (signal: AbortSignal | undefined) => Promise<ValueContext>;
};

/** Jira lists only transitions from the current status. https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ */
async function fetchTransitions(
  { client, seen }: Moving,
  source: Source,
  issue: NativeIssue,
  signal: AbortSignal | undefined,
): Promise<readonly Transition[]> {
  const path = `/issue/${encodeURIComponent(issue.nativeId)}/transitions`;
  const response = await client.get(path, { expand: "transitions.fields" }, signal);
  const { transitions } = client.parse(TransitionList, response, "transitions");
  seen.learn(source, issue, transitions);
  return transitions;
}

/**
 * The transitions from an issue's current state to any of these. Answers at once from transitions seen in the last minutes, so that a drag on the board does
 * not wait; reports that there is none only after a request.
 */
export async function findChoices(
  moving: Moving,
  source: Source,
  issue: NativeIssue,
  stateIds: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly MoveChoice[]> {
  const remembered = moving.seen.recall(source, issue);
  if (remembered !== null) {
    const known = toChoices(moving, source, issue, stateIds, remembered);
    if (known.length > 0) return known;
  }
  return toChoices(moving, source, issue, stateIds, await fetchTransitions(moving, source, issue, signal));
}

function toChoices(
  { seen }: Moving,
  source: Source,
  issue: NativeIssue,
  stateIds: readonly string[],
  transitions: readonly Transition[],
): MoveChoice[] {
  const back = partsOf(issue.stateId).statusId;
  return stateIds.flatMap((stateId) =>
    waysTo(stateId, transitions).map((way) => {
      // Whether a move can be reversed is known once the target's transitions were seen; until then it is assumed.
      const there = seen.recall(source, { type: issue.type, stateId });
      const reversible = there === null || there.some(({ to }) => to.id === back);
      return toChoice(way, stateId, nameOfState(way, stateId), reversible);
    }),
  );
}

/** Looks the transition up by its target and performs it: one request to read, one to write. */
export async function performMove(
  moving: Moving,
  source: Source,
  issue: NativeIssue,
  request: MoveRequest,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { client } = moving;
  const body = await beforehand(async () => {
    const transitions = await fetchTransitions(moving, source, issue, signal);
    const way = chooseWay(moving, source, issue, request, transitions);
    const fields = await toFields(moving, way, request.fields ?? {}, signal);
    return { transition: { id: way.transition.id }, ...fields };
  });
  await client.send("POST", `/issue/${encodeURIComponent(issue.nativeId)}/transitions`, { body, signal });
  client.ownWrites.remember(issue.nativeId);
}

function chooseWay(
  moving: Moving,
  source: Source,
  issue: NativeIssue,
  { stateId, transition, fields = {} }: MoveRequest,
  transitions: readonly Transition[],
): Way {
  const all = waysTo(stateId, transitions);
  const ways = transition === undefined ? all : all.filter((way) => way.transition.id === transition);
  if (ways.length === 0) throw noWay(issue, transitions);
  const ready = ways.filter(({ asks }) => asks.every((id) => !isEmpty(fields[id])));
  const [only, ...others] = ready;
  if (only !== undefined && others.length === 0 && (ways.length === 1 || transition !== undefined)) return only;
  const choices = toChoices(moving, source, issue, [stateId], transitions).filter(({ id }) =>
    ways.some((way) => way.transition.id === id),
  );
  const [way] = ways;
  const message =
    ways.length > 1
      ? `Jira's workflow has ${ways.length} transitions that move ${issue.key} there.`
      : `"${way?.transition.name ?? ""}" requires more fields in Jira.`;
  throw new PanopticonError("choice_needed", message, {
    tracker: "jira",
    field: "status",
    choices,
    hint: "Choose a transition and fill in its fields.",
  });
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** The fields of a transition's screen; a comment is not a field and is added separately. */
async function toFields(
  moving: Moving,
  { transition, resolutionId }: Way,
  given: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): Promise<{ readonly fields?: object; readonly update?: object }> {
  const context = await moving.values(signal);
  const fields: Record<string, unknown> = resolutionId === null ? {} : { resolution: { id: resolutionId } };
  const update: Record<string, unknown> = {};
  for (const [id, value] of Object.entries(given)) {
    const meta = transition.fields?.[id];
    if (meta === undefined) {
      throw new PanopticonError("invalid_input", `"${transition.name}" has no field ${id}.`, {
        tracker: "jira",
        field: id,
        hint: `Its fields: ${
          Object.values(transition.fields ?? {})
            .map(({ name }) => name)
            .join(", ") || "none"
        }.`,
      });
    }
    const own = await toFieldValue(id, meta, value, context);
    if (meta.schema.type === "comments-page") update[id] = [{ add: { body: own } }];
    else fields[id] = own;
  }
  return {
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(Object.keys(update).length > 0 ? { update } : {}),
  };
}
