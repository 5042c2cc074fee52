import type { Account } from "./access.ts";
import { may } from "./permissions.ts";
import type { Issue, Transition } from "./records.ts";
import { fieldMeta, transitionFields } from "./screens.ts";
import type { JiraState } from "./state.ts";
import type { Wire } from "./wire.ts";

/** The transitions available to an issue in its current status. */
export function availableTo(issue: Issue, account: Account): readonly Transition[] {
  if (!may(account, issue.project, "TRANSITION_ISSUES")) return [];
  return issue.project.workflow.transitions.filter(
    ({ to, from }) => to !== issue.status && (from === null || from.includes(issue.status)),
  );
}

/** `GET …/transitions`; with screen fields only if requested. */
export function transitionsOf(
  context: { readonly state: JiraState; readonly wire: Wire; readonly account: Account },
  issue: Issue,
  query: URLSearchParams,
): object {
  const withFields = (query.get("expand") ?? "").split(",").includes("transitions.fields");
  const only = query.get("transitionId");
  return {
    expand: "transitions",
    transitions: availableTo(issue, context.account)
      .filter(({ id }) => only === null || String(id) === only)
      .map(({ id, name, to, from, screen }) => ({
        id: String(id),
        name,
        to: context.wire.status(to),
        hasScreen: Object.keys(screen).length > 0,
        isGlobal: from === null,
        isInitial: false,
        isConditional: false,
        isAvailable: true,
        looped: false,
        ...(withFields
          ? {
              fields: Object.fromEntries(
                transitionFields(context, screen).map((field) => [field.info.id, fieldMeta(field)]),
              ),
            }
          : {}),
      })),
  };
}
