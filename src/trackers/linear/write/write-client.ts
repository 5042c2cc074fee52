import { PanopticonError } from "../../../domain/error.ts";
import type { HttpClient } from "../../http/http-client.ts";
import { createAsk } from "../ask.ts";
import type { TeamFilter } from "../client.ts";
import * as mutations from "./mutations.ts";
import * as queries from "../queries.ts";
import * as schema from "../schema.ts";

export type LinearWriteClient = ReturnType<typeof createLinearWriteClient>;

type Input = Readonly<Record<string, unknown>>;

/** Linear's mutations as functions, and the lookups that only writes need. Mutations are sent once. */
export function createLinearWriteClient(http: HttpClient) {
  const { ask, change } = createAsk(http);

  return {
    /** The updated issue, unparsed; null if the response omits it. */
    async updateIssue(id: string, input: Input, signal?: AbortSignal) {
      const { data, requestedAt } = await change(mutations.updateIssue, { id, input }, schema.UpdatedIssue, signal);
      requireSuccess(data.issueUpdate);
      return { raw: data.issueUpdate.issue ?? null, requestedAt };
    },

    async createIssue(input: Input, signal?: AbortSignal) {
      const { data, requestedAt } = await change(mutations.createIssue, { input }, schema.CreatedIssue, signal);
      requireSuccess(data.issueCreate);
      return { raw: data.issueCreate.issue ?? null, requestedAt };
    },

    async createComment(input: Input, signal?: AbortSignal): Promise<schema.Comment> {
      const { data } = await change(mutations.createComment, { input }, schema.CreatedComment, signal);
      requireSuccess(data.commentCreate);
      return data.commentCreate.comment;
    },

    async updateComment(id: string, input: Input, signal?: AbortSignal): Promise<schema.Comment> {
      const { data } = await change(mutations.updateComment, { id, input }, schema.UpdatedComment, signal);
      requireSuccess(data.commentUpdate);
      return data.commentUpdate.comment;
    },

    async deleteComment(id: string, signal?: AbortSignal): Promise<void> {
      const { data } = await change(mutations.deleteComment, { id }, schema.DeletedComment, signal);
      requireSuccess(data.commentDelete);
    },

    async createRelation(input: Input, signal?: AbortSignal): Promise<void> {
      const { data } = await change(mutations.createRelation, { input }, schema.CreatedRelation, signal);
      requireSuccess(data.issueRelationCreate);
    },

    async deleteRelation(id: string, signal?: AbortSignal): Promise<void> {
      const { data } = await change(mutations.deleteRelation, { id }, schema.DeletedRelation, signal);
      requireSuccess(data.issueRelationDelete);
    },

    async createLabel(input: Input, signal?: AbortSignal): Promise<schema.Label> {
      const { data } = await change(mutations.createLabel, { input }, schema.CreatedLabel, signal);
      requireSuccess(data.issueLabelCreate);
      return data.issueLabelCreate.issueLabel;
    },

    async createState(input: Input, signal?: AbortSignal): Promise<string> {
      const { data } = await change(mutations.createState, { input }, schema.CreatedState, signal);
      requireSuccess(data.workflowStateCreate);
      return data.workflowStateCreate.workflowState.id;
    },

    /** Throws `forbidden` for a read-only key, `not_found` for a key that may write. */
    async probe(id: string, signal?: AbortSignal): Promise<void> {
      await change(mutations.probe, { id }, schema.UpdatedIssue, signal);
    },

    /** The visible labels with these names (in any case), and the team with its ancestors. */
    async findLabels(team: TeamFilter, names: readonly string[], signal?: AbortSignal) {
      const filter = { or: names.map((name) => ({ name: { eqIgnoreCase: name } })) };
      const { data } = await ask(queries.labelsByNameQuery, { team, filter }, schema.LabelsByName, signal);
      return { team: data.teams.nodes[0], labels: data.issueLabels.nodes };
    },

    /** The groups of these labels, by label id; and the issue's current labels, undefined if it is not visible. */
    async findLabelGroups(ids: readonly string[], issueId: string, signal?: AbortSignal) {
      const variables = { filter: { id: { in: ids } }, issue: { id: { eq: issueId } } };
      const { data } = await ask(queries.labelGroupsQuery, variables, schema.LabelGroups, signal);
      return {
        groups: new Map(data.issueLabels.nodes.flatMap(({ id, parent }) => (parent ? [[id, parent.id] as const] : []))),
        present: data.issues.nodes[0]?.labelIds,
      };
    },

    async findComment(id: string, issueId: string, signal?: AbortSignal): Promise<schema.Comment | undefined> {
      const filter = { id: { eq: id }, issue: { id: { eq: issueId } } };
      const { data } = await ask(queries.commentsQuery, { filter, first: 1 }, schema.Comments, signal);
      return data.comments.nodes[0];
    },

    async findState(teamId: string, name: string, signal?: AbortSignal): Promise<string | undefined> {
      const filter = { team: { id: { eq: teamId } }, name: { eqIgnoreCase: name } };
      const { data } = await ask(queries.statesQuery, { filter, first: 1 }, schema.States, signal);
      return data.workflowStates.nodes[0]?.id;
    },
  };
}

/** A payload can report a failure without a reason. */
function requireSuccess({ success }: { readonly success: boolean }): void {
  if (success) return;
  throw new PanopticonError("invalid_input", "Linear did not make the change and gave no reason.", {
    tracker: "linear",
    hint: "Try it in Linear itself. Your change is kept here.",
  });
}
