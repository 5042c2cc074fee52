import type { Command } from "commander";
import { exitCodes } from "../printing/exit-code.ts";
import { errorCodes, PanopticonError } from "../../domain/error.ts";
import { plainLine, plainText } from "../../domain/plain-text.ts";
import { statusLabels } from "../../domain/status.ts";
import type { BulkResultShape } from "../../server/contract/change.ts";
import type { KeptMoveShape } from "../../server/contract/shadow.ts";
import type { Changing } from "../changing/changing.ts";
import { openChanging } from "../changing/open-changing.ts";
import { deliverAndReport } from "../changing/report-change.ts";
import type { Context } from "../context.ts";
import { addChoiceOption, readFields } from "../editing/edit-options.ts";
import { collect } from "../options/options.ts";
import { count, shortAge } from "../printing/describe-time.ts";
import { statusStyles } from "../printing/status-style.ts";
import { printTable } from "../printing/table.ts";

type ListOptions = { readonly project?: string; readonly json?: boolean };
type SettleOptions = ListOptions & { readonly all?: boolean };
type SendOptions = SettleOptions & { readonly transition?: string; readonly field?: readonly string[] };

export function define(command: Command, context: Context): void {
  command
    .option("--project <id>", "only of this project")
    .option("--json", "as JSON: {moves, total}")
    .action((options: ListOptions) =>
      withChanging(context, async (changing) => {
        const list = await changing.keptMoves(options.project);
        if (options.json) context.out.json(list);
        else print(context, list.moves);
      }),
    );
  const send = command
    .command("send")
    .argument("[refs...]", "the issues")
    .description("Send moves that stayed here to their trackers.")
    .option("--all", "all of them, or all of the project");
  addChoiceOption(send);
  send
    .option("--field <name=value>", "a field that the move requires, by name or id; repeatable", collect)
    .option("--project <id>", "with --all: only of this project")
    .option("--json", "as JSON: {results, change}")
    .action((refs: string[], { transition, field, ...options }: SendOptions) =>
      settle(context, refs, options, "sent", (changing, choice) =>
        changing.sendKept({
          ...choice,
          ...(transition !== undefined && { transition }),
          ...(field !== undefined && { fields: readFields(field) }),
        }),
      ),
    );
  command
    .command("drop")
    .argument("[refs...]", "the issues")
    .description("Give up moves that stayed here; the trackers' states are shown again.")
    .option("--all", "all of them, or all of the project")
    .option("--project <id>", "with --all: only of this project")
    .option("--json", "as JSON: {results, change}")
    .action((refs: string[], options: SettleOptions) =>
      settle(context, refs, options, "dropped", (changing, choice) => changing.dropKept(choice)),
    );
}

async function withChanging(context: Context, work: (changing: Changing) => Promise<void>): Promise<void> {
  const changing = await openChanging(context);
  try {
    await work(changing);
  } finally {
    await changing.close();
  }
}

type Choice = { readonly refs?: string[]; readonly project?: string };

async function settle(
  context: Context,
  refs: string[],
  { all, project, json }: SettleOptions,
  done: string,
  work: (changing: Changing, choice: Choice) => Promise<BulkResultShape>,
): Promise<void> {
  const { out } = context;
  if (refs.length > 0 === (all === true)) {
    throw new PanopticonError("invalid_input", "Say which moves: refs, or --all.", {
      hint: "List them with pan shadow.",
    });
  }
  await withChanging(context, async (changing) => {
    const choice = { ...(refs.length > 0 && { refs }), ...(project !== undefined && { project }) };
    const result = await work(changing, choice);
    const issues = new Set(result.results.flatMap(({ issue }) => issue?.address ?? []));
    const { operations } = await changing.outbox();
    const own = operations.filter(({ kind, address }) => kind === "edit" && issues.has(address)).map(({ id }) => id);
    await deliverAndReport(context, changing, done === "sent" ? own : []);
    const waits = done === "sent" && (await changing.outbox()).operations.some(({ id }) => own.includes(id));
    if (json) out.json(result);
    else {
      const ok = result.results.filter((one) => one.ok);
      out.line(
        result.results.length === 0
          ? "No moves stay here."
          : `${count(ok.length, "move")} ${waits ? "in the outbox" : done}.`,
      );
    }
    for (const { ref, problem } of result.results) {
      if (problem === null) continue;
      context.setExitCode(exitCodes[errorCodes.find((code) => code === problem.code) ?? "internal"]);
      out.note(
        plainText(`${ref} stays as it is: ${problem.detail}${problem.hint === undefined ? "" : ` ${problem.hint}`}`),
      );
    }
  });
}

function print({ out, clock }: Context, moves: readonly KeptMoveShape[]): void {
  const now = clock.now();
  printTable(
    out,
    [
      { title: "REF" },
      { title: "IN THE TRACKER" },
      { title: "HERE" },
      { title: "TITLE", shrink: 1, least: 20 },
      { title: "AGE", align: "right" },
    ],
    moves.map(({ ref, from, to, title, at }) => [
      { text: plainLine(ref), style: "bold" as const },
      { text: statusLabels[from], style: statusStyles[from] },
      { text: statusLabels[to], style: statusStyles[to] },
      { text: plainLine(title) },
      { text: at === null ? "" : shortAge(at, now), style: "dim" as const },
    ]),
  );
  if (moves.length === 0) return out.note("No moves stay here: the trackers know all of them.");
  out.note(`${count(moves.length, "move")}; pan shadow send or drop, with refs or --all`);
}
