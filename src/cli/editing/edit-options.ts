import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { readDay } from "../../changes/words/text-words.ts";
import type { IssueDraft, IssuePatch } from "../../server/contract/change.ts";
import { collect, collectWords, nonEmpty } from "../options/options.ts";
import { readTextOption } from "./read-text.ts";

/** The options of `pan edit` and `pan create` for an issue's fields. */
export type EditOptions = {
  readonly title?: string;
  readonly body?: string;
  readonly bodyFile?: string;
  readonly status?: string;
  readonly state?: string;
  readonly priority?: string;
  readonly type?: string;
  readonly label?: readonly string[];
  readonly removeLabel?: readonly string[];
  readonly assign?: readonly string[];
  readonly unassign?: readonly string[];
  readonly cycle?: string;
  readonly due?: string;
  readonly estimate?: string;
  readonly parent?: string;
  readonly field?: readonly string[];
  readonly transition?: string;
};

/** Adds the options for an issue's fields. */
export function addEditOptions(command: Command, kind: "edit" | "create"): void {
  const none = kind === "edit" ? ", or none" : "";
  if (kind === "edit") command.option("--title <title>", "the new title");
  command
    .option("--body <markdown>", "new text")
    .option("--body-file <file>", "read the text from a file; - reads standard input")
    .option(
      "--status <status>",
      "backlog, planning, in_progress, in_review, done, canceled, or one of the tracker's own states",
    )
    .option("--priority <priority>", "urgent, high, medium, low, none, or the tracker's own name")
    .option("--type <type>", "the tracker's own name: issue, Bug, Story")
    .option("--label <label>", "add this label; repeatable", collectWords)
    .option("--assign <login>", "add this assignee: login, name, or me; repeatable", collectWords);
  if (kind === "edit") {
    command
      .option("--state <state>", "exactly this state of the tracker, even if it is named like one of the six statuses")
      .option("--remove-label <label>", "remove this label; repeatable", collectWords)
      .option("--unassign <login>", "remove this assignee: login, name, or me; repeatable", collectWords);
  }
  command
    .option("--cycle <cycle>", `cycle, sprint or milestone${none}`, nonEmpty)
    .option("--due <day>", `2026-11-22${none}`, checkDay)
    .option("--estimate <number>", `a number${none}`, checkEstimate)
    .option("--parent <ref>", `the parent issue, of any tracker${none}`, nonEmpty)
    .option("--field <name=value>", "one of the tracker's own fields, by name or id; repeatable", collect);
  if (kind === "edit") addChoiceOption(command);
}

/** Adds the option for workflows with several transitions. */
export function addChoiceOption(command: Command): void {
  command.option("--transition <name>", "the transition, if a move has several");
}

/** The patch for the given options; null if there are none. */
export async function toPatch(options: EditOptions): Promise<IssuePatch | null> {
  const body = await readTextOption(options.body, options.bodyFile);
  const patch: IssuePatch = {
    ...(options.title !== undefined && { title: options.title }),
    ...(body !== undefined && { body }),
    ...(options.status !== undefined && { status: options.status }),
    ...(options.state !== undefined && { state: options.state }),
    ...toShared(options),
    ...(options.label !== undefined && { addLabels: [...options.label] }),
    ...(options.removeLabel !== undefined && { removeLabels: [...options.removeLabel] }),
    ...(options.assign !== undefined && { addAssignees: [...options.assign] }),
    ...(options.unassign !== undefined && { removeAssignees: [...options.unassign] }),
    ...(options.transition !== undefined && { transition: options.transition }),
  };
  return Object.keys(patch).length === 0 ? null : patch;
}

/** The new issue for the given options; texts are read from files or standard input. */
export async function toDraft(
  title: string,
  options: EditOptions & { readonly project?: string; readonly source?: string },
): Promise<IssueDraft> {
  const body = await readTextOption(options.body, options.bodyFile);
  return {
    ...(options.project !== undefined && { project: options.project }),
    ...(options.source !== undefined && { source: options.source }),
    title,
    ...(body !== undefined && { body }),
    ...(options.status !== undefined && { status: options.status }),
    ...toShared(options),
    ...(options.label !== undefined && { labels: [...options.label] }),
    ...(options.assign !== undefined && { assignees: [...options.assign] }),
  };
}

function toShared(options: EditOptions) {
  const { priority, type, cycle, due, estimate, parent, field } = options;
  return {
    ...(priority !== undefined && { priority }),
    ...(type !== undefined && { type }),
    ...(cycle !== undefined && { cycle: orNone(cycle) }),
    ...(due !== undefined && { dueDate: orNone(due) }),
    ...(estimate !== undefined && { estimate: toEstimate(estimate) }),
    ...(parent !== undefined && { parent: orNone(parent) }),
    ...(field !== undefined && { fields: readFields(field) }),
  };
}

/** Parses `--field Severity=High`; repeating a field gives it several values, an empty value clears it. */
export function readFields(written: readonly string[]): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const one of written) {
    const split = one.indexOf("=");
    if (split < 1) throw new InvalidArgumentError(`“${one}” is not NAME=VALUE.`);
    const [name, value] = [one.slice(0, split).trim(), one.slice(split + 1)];
    const before = fields.get(name);
    if (before === undefined || before === null) fields.set(name, value === "" ? null : value);
    else fields.set(name, [...(Array.isArray(before) ? before : [before]), value]);
  }
  return Object.fromEntries(fields);
}

function orNone(text: string): string | null {
  return text.toLowerCase() === "none" ? null : text;
}

/** Validates but returns the text, because commander turns a parsed null into "". */
function checkEstimate(text: string): string {
  if (text.trim() !== "" && (toEstimate(text) === null || Number.isFinite(toEstimate(text)))) return text;
  throw new InvalidArgumentError("It must be a number, or none.");
}

const toEstimate = (text: string): number | null => (orNone(text) === null ? null : Number(text));

function checkDay(text: string): string {
  if (orNone(text) !== null) readDay(text, "due date");
  return text;
}
