import { openStates } from "../../domain/operation.ts";
import { errorCodes } from "../../domain/error.ts";
import type { OperationShape } from "../../server/contract/change.ts";
import type { Context } from "../context.ts";
import { describeRetry } from "../printing/describe-retry.ts";
import { exitCodes } from "../printing/exit-code.ts";
import { plainText } from "../../domain/plain-text.ts";
import type { Changing } from "./changing.ts";

/**
 * Call before a change. Returns a function that, after it, gives the outbox operations of an issue that carry the change: new ones, even if a server has
 * already sent them and the tracker refused them, and an open one the change was folded into. Older operations of the issue are left out.
 */
export async function watchEntries(changing: Changing): Promise<(address: string) => Promise<readonly number[]>> {
  const before = new Map((await changing.outbox()).operations.map((one) => [one.id, contentOf(one)]));
  return async (address) => {
    const { operations } = await changing.outbox();
    const own = operations.filter((one) => one.address === address);
    const carries = (one: OperationShape) => before.get(one.id) !== contentOf(one);
    // Changes to an issue that its tracker has not created yet are part of its create operation.
    const making = own.filter((one) => one.kind === "create" && openStates.includes(one.state));
    return [...new Set([...own.filter(carries), ...making])].map(({ id }) => id);
  };
}

const contentOf = ({ fields }: OperationShape): string => JSON.stringify(fields.map(({ name, to }) => [name, to]));

/** Waits for delivery and reports on standard error what was not delivered: what is waiting, refused or in conflict, with the matching exit code. */
export async function deliverAndReport(context: Context, changing: Changing, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  context.out.status("Sending…");
  const interrupted = () => {
    const entries = `entr${ids.length === 1 ? "y" : "ies"} ${ids.join(", ")}`;
    context.out.note(`Interrupted. Your change is kept in the outbox as ${entries} (pan outbox).`);
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  try {
    await changing.deliver(ids);
  } finally {
    process.off("SIGINT", interrupted);
  }
  context.out.status(null);
  const { operations } = await changing.outbox();
  for (const operation of operations) {
    if (!ids.includes(operation.id)) continue;
    if (openStates.includes(operation.state)) noteWaiting(context, operation, changing.triesAgain);
    else noteFailure(context, operation);
  }
}

function noteWaiting({ out, clock }: Context, operation: OperationShape, triesAgain: boolean): void {
  const { id, reason } = operation;
  const wait = describeRetry(operation, clock.now(), triesAgain);
  const next = wait === null ? "" : `; ${wait}`;
  const why = reason === null ? "" : `: ${plainText(reason).replace(/\.$/, "")}`;
  const how = triesAgain ? "" : "; pan up or pan sync sends it";
  out.note(`Not sent to the tracker yet${why}${next}. It is kept in the outbox as entry ${id} (pan outbox)${how}.`);
}

function noteFailure({ out, setExitCode }: Context, { id, state, reason, hint, code, fields }: OperationShape): void {
  const known = errorCodes.find((one) => one === code) ?? (state === "conflict" ? "conflict" : "internal");
  setExitCode(exitCodes[known]);
  if (state === "conflict") {
    const names = fields.filter(({ conflict }) => conflict).map(({ name }) => name);
    out.note(out.styleNote("red", `In conflict: ${names.join(" and ")} also changed in the tracker.`));
    out.note(`Resolve it with pan outbox resolve ${id} --mine, or --theirs.`);
    return;
  }
  out.note(out.styleNote("red", `Refused by the tracker: ${plainText(reason ?? "it gave no reason.")}`));
  if (hint !== null) out.note(plainText(hint));
  out.note(`Your change is kept: pan outbox retry ${id}, or drop ${id}.`);
}
