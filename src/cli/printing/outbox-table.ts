import type { OperationShape } from "../../server/contract/change.ts";
import type { Context } from "../context.ts";
import { openStates } from "../../domain/operation.ts";
import { describeRetry } from "./describe-retry.ts";
import { count, shortAge } from "./describe-time.ts";
import type { Style } from "./output.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { printTable } from "./table.ts";

type OutboxNotes = {
  /** A server sends waiting ones. */
  readonly triesAgain: boolean;
  /** How many moves stay here because of shadow mode. */
  readonly kept: number;
};

/** Prints operations with age and reason, those that need the user first. */
export function printOutbox(
  context: Context,
  operations: readonly OperationShape[],
  { triesAgain, kept }: OutboxNotes,
): void {
  const { out, clock } = context;
  const now = clock.now();
  printTable(
    out,
    [
      { title: "ID", align: "right" },
      { title: "REF" },
      { title: "CHANGE", shrink: 2, least: 16 },
      { title: "STATE" },
      { title: "AGE", align: "right" },
      { title: "WHY", shrink: 1, least: 24, wraps: true },
    ],
    operations.map((operation) => [
      { text: String(operation.id), style: "dim" as const },
      { text: plainLine(operation.ref), style: "bold" as const },
      { text: plainLine(describeChange(operation)) },
      { text: operation.state, ...stateStyle(operation.state) },
      { text: shortAge(operation.createdAt, now), style: "dim" as const },
      { text: plainLine(describeWhy(operation, now, triesAgain)) },
    ]),
  );
  if (kept > 0) out.note(`${count(kept, "move")} kept here, in shadow mode (pan shadow).`);
  if (operations.length === 0) {
    out.note(kept > 0 ? "All other changes are in their trackers." : "All changes are in their trackers.");
    return;
  }
  const waits = !triesAgain && operations.some(({ state }) => openStates.includes(state));
  out.note(`${count(operations.length, "change")}${waits ? "; pan up or pan sync sends what waits" : ""}`);
}

function stateStyle(state: OperationShape["state"]): { readonly style?: Style } {
  if (state === "refused" || state === "conflict") return { style: "red" };
  return state === "waiting" || state === "unknown" ? { style: "yellow" } : {};
}

const words: Partial<Record<OperationShape["kind"], string>> = {
  create: "new issue",
  comment: "comment",
  edit_comment: "comment edited",
  delete_comment: "comment deleted",
};

function describeChange({ kind, fields, sentAgain }: OperationShape): string {
  const word = sentAgain ? "deleted comment sent again" : words[kind];
  if (word !== undefined) return word;
  return fields
    .map(({ name, from, to }) => {
      if (name === "body") return "body";
      if (kind === "relate" || kind === "unrelate") return `${kind === "relate" ? "" : "not "}${name} ${to ?? from}`;
      return `${name}: ${from ?? "none"} → ${to ?? "none"}`;
    })
    .join(", ");
}

function describeWhy(operation: OperationShape, now: number, triesAgain: boolean): string {
  const { id, status, state, reason, fields, twins } = operation;
  if (status === null && (state === "refused" || state === "conflict")) {
    return `its issue is gone: pan outbox --json shows the text, pan outbox drop ${id} discards it`;
  }
  if (twins.length > 0)
    return `a lost response left duplicates ${twins.join(", ")}: pan outbox close ${id}, or drop to keep them`;
  if (state === "conflict") {
    const differing = fields
      .filter(({ conflict }) => conflict)
      .map((field) => `${field.name} is ${field.theirs ?? "none"}`);
    return `in the tracker ${differing.join(", ")}`;
  }
  const next = describeRetry(operation, now, triesAgain);
  if (next === null) return reason ?? "";
  return reason === null ? next : `${reason.replace(/\.$/, "")}; ${next}`;
}
