import type { Account } from "./access.ts";
import { type BodyFault, readBody, textOf } from "./bodies.ts";
import { type Issue, type IssueType, keyOf, type Project } from "./records.ts";
import { exchangeable } from "./screens.ts";
import { findIssue, type JiraState } from "./state.ts";
import { customIds, impactOptions, sharedIds } from "./wire-fields.ts";

/** Applies a value to an issue. */
export type Setting = (issue: Issue) => void;
export type Read = Setting | BodyFault;

export type ValueContext = {
  readonly state: JiraState;
  readonly account: Account;
  readonly project: Project;
  readonly type: IssueType;
  /** null while it is being created. */
  readonly issue: Issue | null;
};

const fault = (message: string): BodyFault => ({ about: "field", message });

/** Reads a field's value as sent by a program: returns a setter, or Jira's error. */
export function readValue(id: string, value: unknown, context: ValueContext): Read {
  const { state } = context;
  const ids = customIds[state.edition];
  switch (id) {
    case "summary":
      return readSummary(value);
    case "description": {
      const read = readBody(state.edition, value);
      if ("message" in read) return read;
      const { body } = read;
      return (issue) => {
        issue.typed = body === null ? "" : textOf(body);
        issue.wiki = typeof body === "string" ? body : null;
        // A document may be empty and still valid.
        issue.document = body === null || typeof body === "string" ? null : body;
      };
    }
    case "priority":
      if (value === null) return (issue) => (issue.priority = null);
      return choose(value, state.priorities, "The priority selected is invalid.", (issue, one) => {
        issue.priority = one;
      });
    case "resolution":
      return choose(value, state.resolutions, "The resolution selected is invalid.", (issue, one) => {
        issue.resolution = one;
      });
    case "labels":
      return readLabels(value);
    case "assignee":
      return readAssignee(value, state);
    case "reporter":
      return fault("You do not have permission to modify the reporter.");
    case "duedate":
      if (value !== null && (typeof value !== "string" || !isDay(value)))
        return fault(`Error parsing date string: ${shown(value)}`);
      return (issue) => (issue.dueDate = value);
    case "issuetype":
      return readType(value, context);
    case "parent":
      return readParent(value, context);
    case ids.sprint:
      return readSprint(value, context);
    case ids.points:
    case ids.classicPoints:
      if (value !== null && typeof value !== "number") return fault("Operation value must be a number");
      return (issue) => (issue.points = value);
    case ids.epic:
      return readEpic(value, context);
    case ids.epicName:
      if (typeof value !== "string" || value.trim() === "") return fault("Epic Name is required.");
      return (issue) => void issue.custom.set(id, value);
    case sharedIds.freightClass:
      if (value !== null && typeof value !== "number") return fault("Operation value must be a number");
      return (issue) => void issue.custom.set(id, value);
    case sharedIds.impact: {
      const wanted = recordOf(value);
      const option = impactOptions.find((one) => one.id === wanted?.["id"] || one.value === wanted?.["value"]);
      if (option === undefined) return fault("Specify a valid 'id' or 'name' for Impact");
      return (issue) => void issue.custom.set(id, option);
    }
    case sharedIds.note: {
      const read = readBody(state.edition, value);
      if ("message" in read) return read;
      return (issue) => void issue.custom.set(id, read.body);
    }
    default:
      return fault(offScreen(id));
  }
}

export function offScreen(id: string): string {
  return `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;
}

function readSummary(value: unknown): Read {
  if (typeof value !== "string") return fault("Operation value must be a string");
  if (value.trim() === "") return fault("You must specify a summary of the issue.");
  if (/[\r\n]/.test(value)) return fault("The summary is invalid because it contains newline characters.");
  if (value.length > 255) return fault("Summary can't exceed 255 characters.");
  return (issue) => (issue.summary = value);
}

function readLabels(value: unknown): Read {
  if (!Array.isArray(value)) return fault("data was not an array");
  const labels: string[] = [];
  for (const label of value) {
    const wrong = labelFault(label);
    if (wrong !== null) return fault(wrong);
    labels.push(String(label));
  }
  return (issue) => (issue.labels = [...new Set(labels)]);
}

/** Jira's error for a label; null if it is valid. */
export function labelFault(label: unknown): string | null {
  if (typeof label !== "string") return "string expected at index 0";
  if (label === "" || /\s/.test(label)) return `The label '${label}' contains spaces which is invalid.`;
  return label.length > 255 ? `The label '${label}' exceeds the maximum length of 255 characters.` : null;
}

function readAssignee(value: unknown, state: JiraState): Read {
  if (value === null) return (issue) => (issue.assignee = null);
  const wanted = recordOf(value);
  const isCloud = state.edition === "cloud";
  const id = isCloud ? (wanted?.["accountId"] ?? wanted?.["id"]) : wanted?.["name"];
  if (id === null) return (issue) => (issue.assignee = null);
  const user = state.users.find(({ accountId, login }) => id === (isCloud ? accountId : login));
  if (user === undefined) return fault(`User '${shown(id)}' does not exist.`);
  return (issue) => (issue.assignee = user);
}

/** An issue's parent must fit its new type too. */
function readType(value: unknown, { state, type, issue }: ValueContext): Read {
  const possible = exchangeable(state, type).filter(({ level }) => level === type.level || issue?.parent == null);
  return choose(value, possible, "The issue type selected is invalid.", (one, chosen) => {
    one.type = chosen;
  });
}

function readParent(value: unknown, { state, account, project, type }: ValueContext): Read {
  const wanted = recordOf(value);
  if (wanted?.["none"] === true && !type.subtask) return (issue) => (issue.parent = null);
  const name = wanted?.["id"] ?? wanted?.["key"];
  const parent = typeof name === "string" ? findIssue(state, name) : undefined;
  if (parent === undefined || !account.sees(parent.project)) return fault("Could not find issue by id or key.");
  if (type.subtask && parent.project !== project)
    return fault("Sub-tasks must be created in the same project as the parent.");
  if (parent.type.level !== type.level + 1)
    return fault(`Given parent work item '${keyOf(parent)}' does not belong to appropriate hierarchy.`);
  return (issue) => (issue.parent = parent);
}

function readEpic(value: unknown, { state, account }: ValueContext): Read {
  if (value === null) return (issue) => (issue.parent = null);
  const epic = typeof value === "string" ? findIssue(state, value) : undefined;
  if (epic === undefined || !account.sees(epic.project)) return fault(`Issue with key '${shown(value)}' not found.`);
  if (epic.type.level !== 1) return fault(`Issue '${keyOf(epic)}' is not of type Epic.`);
  return (issue) => (issue.parent = epic);
}

/** Past sprints stay with the issues that were in them. */
function readSprint(value: unknown, { state }: ValueContext): Read {
  if (value !== null && typeof value !== "number") return fault("Number value expected as the Sprint id.");
  const sprint = state.projects.flatMap(({ sprints }) => sprints).find(({ id }) => id === value);
  if (value !== null && sprint === undefined) return fault(`Sprint with id ${value} does not exist.`);
  if (sprint?.state === "closed") return fault("Issue can be assigned only active or future sprints.");
  return (issue) => {
    const over = issue.sprints.filter((one) => one.state === "closed");
    issue.sprints = sprint === undefined ? over : [...over, sprint];
  };
}

function choose<T extends { readonly id: number; readonly name: string }>(
  value: unknown,
  known: readonly T[],
  words: string,
  set: (issue: Issue, one: T) => void,
): Read {
  const wanted = recordOf(value);
  const found = known.find(({ id, name }) => String(id) === wanted?.["id"] || name === wanted?.["name"]);
  return found === undefined ? fault(words) : (issue) => set(issue, found);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}
