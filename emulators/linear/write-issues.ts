import { argumentError, entityNotFound, inputError } from "./errors.ts";
import { setState } from "./issue-state.ts";
import { readLabels } from "./issue-labels.ts";
import { emptyIssue } from "./new-issue.ts";
import type { Issue } from "./records.ts";
import type { RequestContext } from "./request-context.ts";
import { changeIssue, insertIssue, type LinearState, setParent } from "./state.ts";
import { toStoredMarkdown } from "./stored-markdown.ts";
import { checkTitle, done, findIssue, findTeam, requireUnarchived, requireWrite, takeId } from "./write-input.ts";

/** The common input of creating and updating; absent: unchanged, null: clear. */
type IssueInput = {
  readonly assigneeId?: string | null;
  readonly cycleId?: string | null;
  readonly description?: string | null;
  readonly dueDate?: string | null;
  readonly estimate?: number | null;
  readonly labelIds?: readonly string[] | null;
  readonly parentId?: string | null;
  readonly priority?: number | null;
  readonly stateId?: string | null;
  readonly title?: string | null;
};

type CreateInput = IssueInput & { readonly id?: string | null; readonly teamId: string };

type UpdateInput = IssueInput & {
  readonly addedLabelIds?: readonly string[] | null;
  readonly removedLabelIds?: readonly string[] | null;
};

export function createIssueWrites(state: LinearState) {
  return {
    issueCreate(_: unknown, { input }: { readonly input: CreateInput }, context: RequestContext) {
      requireWrite(context);
      const title = checkTitle(input.title);
      const team = findTeam(state, context, input.teamId);
      const id = takeId(state, input.id, "Issue", (one) => state.byId.has(one));
      const at = state.now();
      const draft = emptyIssue(team, { id, at, creator: context.user });
      let change: (issue: Issue) => void;
      try {
        change = readChange(draft, { ...input, title }, context, at);
      } catch (error) {
        // A rejected issue uses no number.
        team.nextNumber -= 1;
        throw error;
      }
      insertIssue(state, draft);
      changeIssue(state, draft, at, change);
      return { ...done(state), issue: draft };
    },

    issueUpdate(
      _: unknown,
      { id, input }: { readonly id: string; readonly input: UpdateInput },
      context: RequestContext,
    ) {
      requireWrite(context);
      const issue = findIssue(state, context, id);
      requireUnarchived(issue);
      if (input.title !== undefined) checkTitle(input.title);
      const at = state.now();
      const before = fingerprint(issue);
      const change = readChange(issue, input, context, at);
      const updatedAt = issue.updatedAt;
      changeIssue(state, issue, at, change);
      // A change without effect is not an update.
      if (fingerprint(issue) === before) changeIssue(state, issue, updatedAt, () => undefined);
      return { ...done(state), issue };
    },
  };

  /** Checks everything before changing anything. */
  function readChange(issue: Issue, input: UpdateInput, context: RequestContext, at: number): (issue: Issue) => void {
    const { team } = issue;
    const changes: ((one: Issue) => void)[] = [];
    const { title, description, dueDate, priority, estimate } = input;
    if (typeof title === "string") changes.push((one) => void (one.title = title));
    if (description !== undefined) {
      const stored = toStoredMarkdown(description ?? "");
      changes.push((one) => void (one.description = stored === "" ? null : stored));
    }
    if (dueDate !== undefined) changes.push((one) => void (one.dueDate = dueDate));
    if (priority !== undefined) {
      const value = priority ?? 0;
      if (value < 0 || value > 4)
        throw argumentError("priority", { max: "priority must not be less than 0 or greater than 4." });
      changes.push((one) => void (one.priority = value));
    }
    if (estimate !== undefined) {
      if (estimate !== null && estimate < 0)
        throw argumentError("estimate", { min: "estimate must not be less than 0." });
      changes.push((one) => void (one.estimate = estimate));
    }
    if (input.assigneeId !== undefined) {
      const user = state.users.find((one) => one.id === input.assigneeId) ?? null;
      if (user === null && input.assigneeId !== null) throw entityNotFound("User");
      changes.push((one) => void (one.assignee = user));
    }
    if (input.cycleId !== undefined) {
      const cycle = state.teams.flatMap((one) => one.cycles).find((one) => one.id === input.cycleId) ?? null;
      if (cycle === null && input.cycleId !== null) throw entityNotFound("Cycle");
      if (cycle !== null && cycle.team !== team) throw discrepancy();
      changes.push((one) => void (one.cycle = cycle));
    }
    if (input.stateId !== undefined && input.stateId !== null) {
      const next = state.teams.flatMap((one) => one.states).find((one) => one.id === input.stateId);
      if (next === undefined) throw entityNotFound("WorkflowState");
      if (next.team !== team) throw discrepancy();
      changes.push((one) => setState(one, next, at));
    }
    const { labelIds, addedLabelIds, removedLabelIds } = input;
    if (labelIds ?? addedLabelIds ?? removedLabelIds) {
      const labels = readLabels(state, issue, { labelIds, addedLabelIds, removedLabelIds });
      changes.push((one) => void (one.labels = labels));
    }
    if (input.parentId !== undefined) {
      const parent = input.parentId === null ? null : findIssue(state, context, input.parentId);
      for (let above = parent; above !== null; above = above.parent) {
        if (above === issue)
          throw inputError("Circular parent relationship", "An issue cannot be below itself or one of its sub-issues.");
      }
      changes.push((one) => setParent(one, parent));
    }
    return (one) => {
      for (const change of changes) change(one);
    };
  }
}

function fingerprint(issue: Issue): string {
  const { title, description, state, labels, assignee, priority, estimate, dueDate, cycle, parent } = issue;
  const ids = labels.map(({ id }) => id).toSorted();
  return JSON.stringify([
    [title, description, priority, estimate, dueDate, ids],
    [state, assignee, cycle, parent].map((one) => one?.id ?? null),
  ]);
}

/** Text seen live. */
function discrepancy(): Error {
  const text = "Discrepancy between issue team and state, cycle or project.";
  return inputError(text, text, { code: "INVALID_INPUT" });
}
