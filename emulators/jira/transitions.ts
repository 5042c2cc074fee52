import type { Issue, Status } from "./records.ts";
import type { JiraState } from "./state.ts";
import type { Wire } from "./wire.ts";

type Transition = { readonly id: number; readonly name: string; readonly to: Status };

/** From every status to each other one, by a name of its own; finishing has two ways where the workflow has two finished statuses. */
function availableTo(issue: Issue): Transition[] {
  const { statuses } = issue.project.workflow;
  return statuses
    .map((to, index): Transition => ({
      id: (index + 1) * 10 + 1,
      name: to.category === "done" ? `Finish: ${to.name}` : to.name,
      to,
    }))
    .filter(({ to }) => to !== issue.status);
}

/** `GET …/transitions`; the fields of their screens only where they are asked for. */
export function transitionsOf(state: JiraState, wire: Wire, issue: Issue, query: URLSearchParams): object {
  const withFields = (query.get("expand") ?? "").split(",").includes("transitions.fields");
  const only = query.get("transitionId");
  const { asksResolution } = issue.project.workflow;
  return {
    expand: "transitions",
    transitions: availableTo(issue)
      .filter(({ id }) => only === null || String(id) === only)
      .map(({ id, name, to }) => {
        const asks = asksResolution && to.category === "done";
        const fields = asks
          ? {
              resolution: {
                required: true,
                schema: { type: "resolution", system: "resolution" },
                name: "Resolution",
                key: "resolution",
                operations: ["set"],
                allowedValues: state.resolutions.map((one) => wire.named("resolution", one)),
              },
            }
          : {};
        return {
          id: String(id),
          name,
          to: wire.status(to),
          hasScreen: asks,
          isGlobal: true,
          isInitial: false,
          isConditional: false,
          isAvailable: true,
          looped: false,
          ...(withFields ? { fields } : {}),
        };
      }),
  };
}
