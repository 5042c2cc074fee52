import type { Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import { openStates } from "../../domain/operation.ts";
import type { OperationShape } from "../../server/contract/change.ts";
import type { Changing } from "../changing/changing.ts";
import { openChanging } from "../changing/open-changing.ts";
import { deliverAndReport } from "../changing/report-change.ts";
import type { Context } from "../context.ts";
import { addChoiceOption, readFields } from "../editing/edit-options.ts";
import { openReading } from "../reading/open-reading.ts";
import { printOutbox } from "../printing/outbox-table.ts";
import { collect, wholeNumber } from "../options/options.ts";
import { noteMirrorAge } from "../reading/reading-notes.ts";

type RetryOptions = { readonly transition?: string; readonly field?: readonly string[]; readonly json?: boolean };
type ResolveOptions = { readonly mine?: string | true; readonly theirs?: string | true; readonly json?: boolean };

export function define(command: Command, context: Context): void {
  const entry = wholeNumber(1, 999_999_999);
  command.option("--json", "as JSON: {operations}").action(async ({ json }: { json?: boolean }) => {
    const reading = await openReading(context, { sync: false });
    try {
      const outbox = await reading.outbox();
      if (json) context.out.json(outbox);
      else {
        const kept = await reading.keptMoves();
        printOutbox(context, outbox.operations, { triesAgain: reading.mirrorAge === null, kept });
      }
      noteMirrorAge(context, reading);
    } finally {
      await reading.close();
    }
  });
  const retry = command.command("retry").argument("<id>", "its number", entry).description("Send an entry again.");
  addChoiceOption(retry);
  retry
    .option("--field <name=value>", "a field that the move requires, by name or id; repeatable", collect)
    .option("--json", "as JSON: the entry")
    .action(async (id: number, { transition, field, json }: RetryOptions) => {
      const answer = {
        ...(transition !== undefined && { transition }),
        ...(field !== undefined && { fields: readFields(field) }),
      };
      await act(context, json, (changing) => changing.retry(id, answer));
    });
  command
    .command("drop")
    .argument("<id>", "its number", entry)
    .description("Give up an entry; the issue shows the tracker's value again.")
    .option("--json", "as JSON: the entry")
    .action((id: number, { json }: { json?: boolean }) => act(context, json, (changing) => changing.drop(id)));
  command
    .command("close")
    .argument("<id>", "its number", entry)
    .description("Close the twins that a lost response left behind; drop keeps them.")
    .option("--json", "as JSON: the entry")
    .action((id: number, { json }: { json?: boolean }) => act(context, json, (changing) => changing.closeTwins(id)));
  command
    .command("resolve")
    .argument("<id>", "its number", entry)
    .description("Resolve a conflict.")
    .option("--mine [fields]", "overwrite the tracker's current values with mine; of these fields, or of all")
    .option("--theirs [fields]", "keep the tracker's current values; of these fields, or of all")
    .option("--json", "as JSON: the entry")
    .action(async (id: number, options: ResolveOptions) => {
      await act(context, options.json, async (changing) => {
        const { operations } = await changing.outbox();
        const operation = operations.find((one) => one.id === id);
        return changing.resolve(id, readChoices(options, operation));
      });
    });
}

async function act(
  context: Context,
  json: boolean | undefined,
  work: (changing: Changing) => Promise<OperationShape>,
): Promise<void> {
  const changing = await openChanging(context);
  try {
    const operation = await work(changing);
    await deliverAndReport(context, changing, openStates.includes(operation.state) ? [operation.id] : []);
    if (json) context.out.json(operation);
    else context.out.line(`Entry ${operation.id}: ${operation.state}.`);
  } finally {
    await changing.close();
  }
}

/** Reads the choices: `--mine` alone means every field in conflict; `--mine title --theirs body` names fields. */
function readChoices(
  { mine, theirs }: ResolveOptions,
  operation: OperationShape | undefined,
): Record<string, "mine" | "theirs"> {
  const inConflict = (operation?.fields ?? []).filter(({ conflict }) => conflict).map(({ name }) => name);
  const choices: Record<string, "mine" | "theirs"> = {};
  for (const [whose, written] of [
    ["mine", mine],
    ["theirs", theirs],
  ] as const) {
    const names = written === undefined ? [] : written === true ? inConflict : written.split(",");
    for (const name of names) {
      if (choices[name.trim()] !== undefined) {
        throw new PanopticonError("invalid_input", `${name.trim()} is given as both mine and theirs.`);
      }
      choices[name.trim()] = whose;
    }
  }
  // Resolving an operation that does not exist or is not in conflict fails with its own error.
  if (Object.keys(choices).length > 0 || mine === true || theirs === true) return choices;
  throw new PanopticonError("invalid_input", "Choose which value to keep.", {
    hint: `--mine or --theirs${inConflict.length > 1 ? `, or each with names of: ${inConflict.join(", ")}` : ""}.`,
  });
}
