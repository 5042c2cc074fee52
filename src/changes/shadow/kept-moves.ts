import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { KeptMove } from "../../store/store.ts";
import type { KeptAnswer, KeptChoice, Settled } from "../changes.ts";
import { readEdit } from "../edit/read-edit.ts";
import { createAsk } from "../move/ask-choices.ts";
import type { Making, Parts } from "../parts.ts";
import { requireWritable, toContext } from "../source-context.ts";

/** The moves that stayed here, the latest first. Throws `not_found` for a ref that has none. */
export async function findKeptMoves(parts: Parts, { refs, project }: KeptChoice): Promise<readonly KeptMove[]> {
  const all = (await parts.store.shadows.list()).filter(
    ({ card }) => project === undefined || card.project === project,
  );
  if (refs === undefined) return all;
  const byIssue = new Map(all.map((move) => [move.card.id, move]));
  const found = new Map<number, KeptMove>();
  for (const ref of refs) {
    const { id } = await parts.resolve(ref);
    const move = byIssue.get(id);
    if (move === undefined) {
      throw new PanopticonError("not_found", `No move of ${ref} stays here.`, {
        hint: "List the moves that do with pan shadow.",
      });
    }
    found.set(id, move);
  }
  return [...found.values()];
}

/** Does something with each of these moves; one that fails does not affect the others. */
export async function settleEach(
  moves: readonly KeptMove[],
  settle: (move: KeptMove) => Promise<void>,
): Promise<readonly Settled[]> {
  const settled: Settled[] = [];
  for (const move of moves) {
    const about = { issueId: move.card.id, ref: move.card.address };
    try {
      await settle(move);
      settled.push({ ...about, error: null });
    } catch (error) {
      if (!isPanopticonError(error)) throw error;
      settled.push({ ...about, error });
    }
  }
  return settled;
}

/** Moves the issue in its tracker as it was moved here. Throws as an edit does. */
export async function sendKeptMove(parts: Parts, move: KeptMove, answer: KeptAnswer, making: Making): Promise<void> {
  const { store, sync, clock } = parts;
  const { id } = move.card;
  await parts.inOrder(id, async () => {
    const issue = await store.outbox.issue(id);
    const context = toContext(issue.source, parts);
    requireWritable(context);
    // Read as a move of a project that is not shadowed, from the tracker's own status.
    const source = { ...context, config: { ...context.config, shadow: false } };
    const fields = await readEdit(
      { status: move.to, ...answer },
      {
        issue,
        status: move.from,
        source,
        now: clock.now(),
        ask: createAsk(issue, source, { sync, unanswered: making.unanswered }),
        detail: () => store.board.detail(id),
      },
    );
    sync.changed(await store.outbox.edit(id, fields, making.author, "as kept here"));
  });
}

/** Gives the move up: the issue shows its tracker's status again. */
export async function dropKeptMove(parts: Parts, move: KeptMove, { author }: Making): Promise<void> {
  const { store, sync } = parts;
  const { id, shadow } = move.card;
  await parts.inOrder(id, async () => {
    // A move back to the tracker's status ends the local one; it is in the history, and can be undone.
    if (shadow !== null)
      sync.changed(await store.outbox.edit(id, [{ field: "status", from: move.to, to: move.from }], author));
    else sync.changed({ change: await store.shadows.forget(id) });
  });
}
