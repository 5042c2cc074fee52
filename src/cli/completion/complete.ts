import { type Argument, Command, type Option } from "commander";
import { filterKeys } from "../../domain/filter.ts";
import type { CommandEntry } from "../command-entry.ts";
import type { Context } from "../context.ts";
import { findValues, type Kind } from "./values.ts";
import { anyFile, type Word } from "./word.ts";

/** Completes the last of `words`, the words after `pan`; the last one may be unfinished or empty. `commands`: all commands. */
export async function complete(
  context: Context,
  words: readonly string[],
  commands: readonly CommandEntry[],
): Promise<readonly Word[]> {
  const before = words.slice(0, -1);
  const last = words.at(-1) ?? "";
  const [, option, begun] = /^(--[\w-]+)=(.*)$/su.exec(last) ?? [];
  if (option !== undefined && begun !== undefined) {
    const values = await complete(context, [...before, option, begun], commands);
    return values.map((word) => (word === anyFile ? word : { ...word, value: `${option}=${word.value}` }));
  }
  const fitting = (all: readonly Word[]) =>
    all.filter((word) => word === anyFile || word.value.toLowerCase().startsWith(last.toLowerCase()));
  const [name, ...rest] = before;
  if (name === undefined) {
    if (last.startsWith("-")) return fitting([helpOption, { value: "--version", description: "print the version" }]);
    return fitting([
      ...commands.map(({ name: value, summary }) => ({ value, description: summary })),
      { value: "help", description: "show help for a command" },
    ]);
  }
  const entry = commands.find((one) => one.name === (name === "help" ? rest[0] : name));
  if (name === "help") {
    if (entry === undefined) {
      return rest.length > 0 ? [] : fitting(commands.map((one) => ({ value: one.name, description: one.summary })));
    }
    const { command, positions } = follow(await defined(entry, context), rest.slice(1));
    return positions === 0 ? fitting(visible(command).map((one) => toWord(one))) : [];
  }
  if (entry === undefined) return [];
  const root = await defined(entry, context);
  const { command, options, positions } = follow(root, rest);
  const open = openOption(options, before.at(-1) ?? "");
  if (open !== null) {
    const isFilter = takesLists(root, open);
    const kind = kindOfOption(open, isFilter);
    if (!isFilter) return fitting(await valuesOf(context, kind, open, last));
    // In `done,in_`, keep the values before the last comma.
    const [earlier = ""] = /^.*(?<!\\),/su.exec(last) ?? [];
    const all = await valuesOf(context, kind, open, last.slice(earlier.length));
    return fitting(
      all.map(({ value, description }) => ({ value: `${earlier}${value.replaceAll(",", "\\,")}`, description })),
    );
  }
  if (last.startsWith("-")) {
    return fitting([
      ...options.flatMap(({ long, description }) => (long == null ? [] : [{ value: long, description }])),
      helpOption,
    ]);
  }
  const below = positions === 0 ? visible(command).map((one) => toWord(one)) : [];
  const argument = command.registeredArguments[positions] ?? lastVariadic(command);
  const values =
    argument === undefined ? [] : await valuesOf(context, kindOfArgument(argument, command), argument, last);
  return fitting([...below, ...values]);
}

async function defined(entry: CommandEntry, context: Context): Promise<Command> {
  const root = new Command(entry.name);
  (await entry.load()).define(root, context);
  return root;
}

const helpOption: Word = { value: "--help", description: "show help" };

/** Whether a filter option takes comma-separated values; all do except `--sort`. */
function takesLists(root: Command, { long }: Option): boolean {
  return (
    isFilterKey(long?.replace(/^--/, "") ?? "") &&
    long !== "--sort" &&
    root.options.some((one) => one.long === "--sort")
  );
}

const isFilterKey = (name: string): boolean => (filterKeys as readonly string[]).includes(name);

/** A command's visible subcommands. */
function visible(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== "help");
}

function toWord(command: Command): Word {
  return { value: command.name(), description: command.summary() };
}

/** Descends to the subcommand, consuming the words already written. */
function follow(root: Command, words: readonly string[]) {
  let command = root;
  const options: Option[] = [...root.options];
  let positions = 0;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word.startsWith("-")) {
      const option = options.find(({ long, short }) => long === word || short === word);
      if (option?.required === true) index += 1;
      continue;
    }
    const below = positions === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (below === undefined) {
      positions += 1;
    } else {
      command = below;
      options.push(...below.options);
    }
  }
  return { command, options, positions };
}

/** The option whose value comes next, if any. */
function openOption(options: readonly Option[], word: string): Option | null {
  return options.find(({ long, short, required }) => required && (long === word || short === word)) ?? null;
}

function lastVariadic({ registeredArguments }: Command): Argument | undefined {
  const last = registeredArguments.at(-1);
  return last?.variadic === true ? last : undefined;
}

const kindsOfOptions: Readonly<Record<string, Kind>> = {
  tracker: "tracker",
  project: "project",
  status: "status",
  state: "state",
  priority: "priority",
  assignee: "assignee",
  label: "label",
  "remove-label": "label",
  assign: "assignee",
  unassign: "assignee",
  source: "source",
  agent: "profile",
  type: "type",
  cycle: "cycle",
  parent: "ref",
  sort: "sort",
  "body-file": "file",
  output: "file",
};

/** Filters that take other words than the option of the same name elsewhere. */
const kindsOfFilters: Readonly<Record<string, Kind>> = { agent: "agent state", blocked: "blocked" };

function kindOfOption({ long }: Option, isFilter: boolean): Kind | null {
  const name = (long ?? "").replace(/^--/, "");
  return (isFilter ? kindsOfFilters[name] : undefined) ?? kindsOfOptions[name] ?? null;
}

const kindsOfArguments: Readonly<Record<string, Kind>> = {
  ref: "ref",
  other: "ref",
  project: "project",
  tracker: "tracker",
  status: "status",
  id: "operation",
  agent: "agent",
  type: "relation",
  file: "file",
  path: "file",
};

function kindOfArgument(argument: Argument, command: Command): Kind | null {
  if (argument.name() === "ref" && command.parent?.name() === "workspace" && command.name() !== "create")
    return "workspace";
  return kindsOfArguments[argument.name()] ?? null;
}

async function valuesOf(
  context: Context,
  kind: Kind | null,
  { argChoices }: { readonly argChoices?: readonly string[] | undefined },
  last: string,
): Promise<readonly Word[]> {
  if (argChoices !== undefined) return argChoices.map((value) => ({ value, description: "" }));
  return kind === null ? [] : findValues(context, kind, last);
}
