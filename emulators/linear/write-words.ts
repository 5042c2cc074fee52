import { argumentError, entityNotFound, inputError } from "./errors.ts";
import type { IssueLabel, WorkflowState } from "./records.ts";
import type { RequestContext } from "./request-context.ts";
import type { LinearState } from "./state.ts";
import { checkColor, checkName, done, findTeam, requireWrite, takeId } from "./write-input.ts";

type LabelInput = {
  readonly id?: string | null;
  readonly name: string;
  readonly color?: string | null;
  readonly description?: string | null;
  readonly isGroup?: boolean | null;
  readonly parentId?: string | null;
  readonly teamId?: string | null;
};

type StateInput = {
  readonly id?: string | null;
  readonly teamId: string;
  readonly name: string;
  readonly type: string;
  readonly color: string;
  readonly position?: number | null;
};

/** `triage` and `duplicate` are reserved for Linear. https://linear.app/docs/configuring-workflows */
const possibleTypes = ["backlog", "unstarted", "started", "completed", "canceled"];

/** Mutations of labels and workflow states. */
export function createWordWrites(state: LinearState) {
  return {
    issueLabelCreate(_: unknown, { input }: { readonly input: LabelInput }, context: RequestContext) {
      requireWrite(context);
      const name = checkName(input.name);
      const team = input.teamId ? findTeam(state, context, input.teamId) : null;
      const all = [...state.labels, ...state.teams.flatMap((one) => one.labels)];
      const near = [...state.labels, ...(team?.labels ?? state.teams.flatMap((one) => one.labels))];
      // Names are unique within a team and the workspace, groups included (seen live).
      if (near.some((one) => one.name.toLowerCase() === name.toLowerCase()))
        throw inputError("duplicate label name", `A label with the name "${name}" already exists.`);
      const parent = input.parentId ? all.find((one) => one.id === input.parentId) : null;
      if (parent === undefined) throw entityNotFound("IssueLabel");
      if (parent !== null && !parent.isGroup)
        throw inputError("parent label is not a group", "The parent label is not a group.");
      const at = state.now();
      const issueLabel: IssueLabel = {
        id: takeId(state, input.id, "IssueLabel", (one) => all.some(({ id }) => id === one)),
        createdAt: at,
        updatedAt: at,
        team,
        name,
        color: input.color ? checkColor(input.color) : "#bec2c8",
        description: input.description ?? null,
        isGroup: input.isGroup ?? false,
        parent,
      };
      (team?.labels ?? state.labels).push(issueLabel);
      return { ...done(state), issueLabel };
    },

    workflowStateCreate(_: unknown, { input }: { readonly input: StateInput }, context: RequestContext) {
      requireWrite(context);
      const name = checkName(input.name);
      const team = findTeam(state, context, input.teamId);
      const { type } = input;
      if (!possibleTypes.includes(type))
        throw argumentError("type", { isIn: `type must be one of the following values: ${possibleTypes.join(", ")}.` });
      if (team.states.some((one) => one.name.toLowerCase() === name.toLowerCase()))
        throw inputError("duplicate workflow state name", `A status with the name "${name}" already exists.`);
      const at = state.now();
      const last = Math.max(0, ...team.states.filter((one) => one.type === type).map((one) => one.position));
      const workflowState: WorkflowState = {
        id: takeId(state, input.id, "WorkflowState", (one) => team.states.some(({ id }) => id === one)),
        createdAt: at,
        updatedAt: at,
        team,
        name,
        type,
        color: checkColor(input.color),
        position: input.position ?? last + 1,
      };
      team.states.push(workflowState);
      return { ...done(state), workflowState };
    },
  };
}
