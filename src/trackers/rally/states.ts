import { foldName } from "../../domain/fold-name.ts";
import type { NativeState } from "../../domain/issue.ts";
import type { Status } from "../../domain/status.ts";
import { type FlowState, oidOf } from "./schema.ts";
import { type ArtifactType, doneStates, type Kind, portfolioStateId } from "./workflow.ts";

/** A source's own workflow: allowed values in order, columns, portfolio item types. */
export type Workflow = {
  readonly scheduleStates: readonly string[];
  readonly defectStates: readonly string[];
  readonly taskStates: readonly string[];
  readonly flowStates: readonly FlowState[];
  readonly types: readonly ArtifactType[];
  /** The source's own project; its columns precede those of child projects. */
  readonly project?: string;
};

/** A native state and its status if no tag says otherwise. */
export type RatedState = NativeState & {
  readonly kind: Kind;
  readonly status: Status;
  /** An accepted schedule state of a defect that is neither fixed nor closed: it is read, but moves never set it. */
  readonly isOdd?: boolean;
};

type Column = {
  readonly id: string;
  readonly name: string;
  readonly scheduleState: string;
  readonly place?: string;
};

/** All states of the source's items, in the order stories, defects, tasks, portfolio items. */
export function toStates(workflow: Workflow): readonly RatedState[] {
  const columns = columnsOf(workflow);
  const stories = columns.map((column) => ({
    ...rated("story", `story:${column.id}`, column.name, column.scheduleState, storyStatus(workflow, column)),
    ...placeOf(column),
  }));
  const defects = workflow.defectStates.flatMap((state) =>
    columns.map((column) => ({
      ...rated(
        "defect",
        `defect:${state}:${column.id}`,
        `${state} (${column.name})`,
        state,
        defectStatus(workflow, state, column),
      ),
      isOdd: !isFixed(workflow, state) && scheduleStatus(workflow, column.scheduleState) === "done",
      ...placeOf(column),
    })),
  );
  const tasks = workflow.taskStates.map((state) =>
    rated("task", `task:${state}`, state, state, taskStatus(workflow.taskStates, state)),
  );
  const portfolio = workflow.types
    .filter(({ kind }) => kind === "portfolio")
    .flatMap(({ name, label, states }) => {
      const names = states.map((state) => state.Name);
      return [
        rated("portfolio", portfolioStateId(name, null), `No state (${label})`, "none", "backlog"),
        ...states.map(({ ObjectID, Name }) =>
          rated("portfolio", portfolioStateId(name, String(ObjectID)), Name, Name, portfolioStatus(names, Name)),
        ),
      ].map((state) => ({ ...state, types: [label] }));
    });
  return [
    ...withTypes(stories, workflow, "story"),
    ...withTypes(defects, workflow, "defect"),
    ...withTypes(tasks, workflow, "task"),
    ...portfolio,
  ].map((state, position) => ({ ...state, position }));
}

/** Adds the labels of the types whose items can be in these states. */
function withTypes(states: readonly RatedState[], { types }: Workflow, kind: Kind): readonly RatedState[] {
  const labels = types.filter((type) => type.kind === kind).map(({ label }) => label);
  return states.map((state) => ({ ...state, types: labels }));
}

function placeOf({ place }: Column): { readonly place?: string } {
  return place === undefined ? {} : { place };
}

function rated(kind: Kind, id: string, name: string, category: string, status: Status): RatedState {
  return { id, name, category, position: 0, kind, status };
}

/** The columns of the projects in scope, the own project's first, each in the workspace's order; without columns, the schedule states themselves. */
function columnsOf({ flowStates, scheduleStates, project }: Workflow): readonly Column[] {
  if (flowStates.length === 0) return scheduleStates.map((name) => ({ id: name, name, scheduleState: name }));
  const rank = (state: FlowState) => positionIn(scheduleStates, state.ScheduleStateMapping ?? "");
  const isForeign = (state: FlowState) => Number(project !== undefined && projectOf(state) !== project);
  return [...flowStates]
    .sort((a, b) => isForeign(a) - isForeign(b) || rank(a) - rank(b) || (a.OrderIndex ?? 0) - (b.OrderIndex ?? 0))
    .map((state) => {
      const place = projectOf(state);
      return {
        id: String(state.ObjectID),
        name: state.Name,
        scheduleState: state.ScheduleStateMapping ?? state.Name,
        ...(place === undefined ? {} : { place }),
      };
    });
}

function projectOf({ Project }: FlowState): string | undefined {
  return Project ? oidOf(Project._ref) : undefined;
}

/** By position, so that a workspace's own schedule states count, too: before In-Progress, up to Completed, up to Accepted, from there on. */
function scheduleStatus({ scheduleStates }: Workflow, scheduleState: string): Status {
  const at = positionIn(scheduleStates, scheduleState);
  if (at >= positionIn(scheduleStates, "Accepted")) return "done";
  if (at >= positionIn(scheduleStates, "Completed")) return "in_review";
  return at >= positionIn(scheduleStates, "In-Progress") ? "in_progress" : "backlog";
}

/** The position of a value; an unknown value counts as the first, a missing value of Rally's own as after the last. */
function positionIn(words: readonly string[], word: string): number {
  const index = words.findIndex((one) => foldName(one) === foldName(word));
  if (index >= 0) return index;
  return systemWords.has(word) ? words.length : 0;
}

const systemWords = new Set(["In-Progress", "Completed", "Accepted"]);
const planningName = foldName("Planning");

function storyStatus(workflow: Workflow, { name, scheduleState }: Column): Status {
  const status = scheduleStatus(workflow, scheduleState);
  return foldName(name) === planningName && status !== "done" ? "planning" : status;
}

function isFixed({ defectStates }: Workflow, state: string): boolean {
  const fixed = defectStates.findIndex((one) => ["Fixed", "Closed"].some((word) => foldName(one) === foldName(word)));
  return fixed >= 0 && defectStates.indexOf(state) >= fixed;
}

/** A defect has a state and a schedule state: only the first tells when it is finished, the second tells the progress. */
function defectStatus(workflow: Workflow, state: string, { name, scheduleState }: Column): Status {
  const { defectStates } = workflow;
  const at = defectStates.indexOf(state);
  const position = (word: string) => defectStates.findIndex((one) => foldName(one) === foldName(word));
  const closed = position("Closed");
  const fixed = position("Fixed");
  if (closed >= 0 && at >= closed) return "done";
  if (fixed >= 0 && at >= fixed) return "in_review";
  if (foldName(name) === planningName) return "planning";
  const scheduled = scheduleStatus(workflow, scheduleState);
  return scheduled === "done" ? "in_review" : scheduled;
}

function taskStatus(states: readonly string[], state: string): Status {
  const at = states.indexOf(state);
  const position = (word: string) => states.findIndex((one) => foldName(one) === foldName(word));
  const completed = position("Completed");
  const started = position("In-Progress");
  if (completed >= 0 && at >= completed) return "done";
  return started >= 0 && at >= started ? "in_progress" : "backlog";
}

/** Columns are configured by the workspace: Developing and Done by their names, else all except the first and the last are in progress. */
function portfolioStatus(names: readonly string[], name: string): Status {
  const at = names.indexOf(name);
  const last = doneStates(names.map((Name, ObjectID) => ({ Name, ObjectID }))).map(({ Name }) => Name);
  if (last.includes(name)) return "done";
  if (foldName(name) === planningName) return "planning";
  const developing = names.findIndex((one) => foldName(one) === foldName("Developing"));
  return at >= (developing >= 0 ? developing : 1) ? "in_progress" : "backlog";
}
