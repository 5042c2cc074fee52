import { entityNotFound, inputError } from "./errors.ts";
import { setState } from "./issue-state.ts";
import type { IssueRelation } from "./records.ts";
import type { RequestContext } from "./request-context.ts";
import { changeIssue, link, type LinearState, unlink } from "./state.ts";
import { done, findIssue, requireWrite, takeId } from "./write-input.ts";

type CreateInput = {
  readonly id?: string | null;
  readonly issueId: string;
  readonly relatedIssueId: string;
  readonly type: IssueRelation["type"];
};

export function createRelationWrites(state: LinearState) {
  return {
    issueRelationCreate(_: unknown, { input }: { readonly input: CreateInput }, context: RequestContext) {
      requireWrite(context);
      const issue = findIssue(state, context, input.issueId);
      const relatedIssue = findIssue(state, context, input.relatedIssueId);
      if (issue === relatedIssue) throw inputError("Invalid relation", "An issue cannot be related to itself.");
      const { type } = input;
      if (issue.relations.some((one) => one.relatedIssue === relatedIssue && one.type === type))
        throw inputError("Duplicate relation", "The issues are already related in this way.");
      const id = takeId(state, input.id, "IssueRelation", (one) => findRelation(one) !== undefined);
      const at = state.now();
      const issueRelation: IssueRelation = { id, createdAt: at, updatedAt: at, type, issue, relatedIssue };
      link(issueRelation);
      for (const one of [issue, relatedIssue]) changeIssue(state, one, at, () => undefined);
      // "Duplicates are now system-managed via the native duplicate state" (the published schema, on Team.markedAsDuplicateWorkflowState).
      const closing = issue.team.states.find((one) => one.type === "duplicate");
      if (type === "duplicate" && closing !== undefined)
        changeIssue(state, issue, at, (one) => setState(one, closing, at));
      return { ...done(state), issueRelation };
    },

    issueRelationDelete(_: unknown, { id }: { readonly id: string }, context: RequestContext) {
      requireWrite(context);
      const relation = findRelation(id);
      if (relation === undefined || !context.sees(relation.issue.team)) throw entityNotFound("IssueRelation");
      unlink(relation);
      const at = state.now();
      for (const one of [relation.issue, relation.relatedIssue]) changeIssue(state, one, at, () => undefined);
      return { ...done(state), entityId: id };
    },
  };

  function findRelation(id: string): IssueRelation | undefined {
    for (const issue of state.issues.byCreation.items) {
      const found = issue.relations.find((one) => one.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
