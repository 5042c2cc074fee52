import { openStates } from "../../domain/operation.ts";
import { errorCodes } from "../../domain/error.ts";
import type { OperationShape } from "../../server/contract/change.ts";
import type { Context } from "../context.ts";
import { describeDuration } from "../describe-time.ts";
import { exitCodes } from "../exit-code.ts";
import { plainText } from "../plain-text.ts";
import type { Changing } from "./changing.ts";

/**
 * Called before a change: gives, after it, the entries of the outbox that an issue has, by its address: what is on its way, and what has come since, which a server may have
 * sent already and its tracker refused.
 */
export async function watchEntries(changing: Changing): Promise<(address: string) => Promise<readonly number[]>> {
  const before = new Set((await changing.outbox()).operations.map(({ id }) => id));
  return async (address) => {
    const { operations } = await changing.outbox();
    return operations
      .filter((one) => one.address === address && (openStates.includes(one.state) || !before.has(one.id)))
      .map(({ id }) => id);
  };
}

/**
 * Lets what was changed go out, and says on standard error what did not arrive: what still waits, and what was refused or is in conflict, with the exit code of
 * that.
 */
export async function deliverAndReport(context: Context, changing: Changing, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  context.out.status("On its way…");
  const interrupted = () => {
    const entries = `entr${ids.length === 1 ? "y" : "ies"} ${ids.join(", ")}`;
    context.out.note(`Interrupted. What you changed is kept as ${entries} of the outbox (pan outbox).`);
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
    if (openStates.includes(operation.state)) noteWaiting(context, operation);
    else noteFailure(context, operation);
  }
}

function noteWaiting({ out, clock }: Context, { id, nextAttemptAt, reason }: OperationShape): void {
  const waits = nextAttemptAt === null ? 0 : Date.parse(nextAttemptAt) - clock.now();
  const next = waits > 1000 ? `; it is tried again in ${describeDuration(waits)}` : "";
  const why = reason === null ? "" : `: ${plainText(reason).replace(/\.$/, "")}`;
  out.note(`Not yet with the tracker${why}${next}. It is kept as entry ${id} of the outbox (pan outbox).`);
}

function noteFailure({ out, setExitCode }: Context, { id, state, reason, hint, code, fields }: OperationShape): void {
  const known = errorCodes.find((one) => one === code) ?? (state === "conflict" ? "conflict" : "internal");
  setExitCode(exitCodes[known]);
  if (state === "conflict") {
    const names = fields.filter(({ conflict }) => conflict).map(({ name }) => name);
    out.note(out.styleNote("red", `In conflict: ${names.join(" and ")} changed in the tracker meanwhile.`));
    out.note(`pan outbox resolve ${id} --mine, or --theirs, ends it.`);
    return;
  }
  out.note(out.styleNote("red", `Refused by the tracker: ${plainText(reason ?? "it does not say why.")}`));
  if (hint !== null) out.note(plainText(hint));
  out.note(`What you wrote is kept: pan outbox retry ${id}, or drop ${id}.`);
}
