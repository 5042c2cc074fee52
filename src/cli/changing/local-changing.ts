import type { Changes, ChangeBy, OutboxEntry, Settled } from "../../changes/changes.ts";
import { PanopticonError } from "../../domain/error.ts";
import { type Actor, actorName } from "../../domain/operation.ts";
import type { RelationType } from "../../domain/issue.ts";
import { toBulkResults } from "../../server/shapes/bulk-result.ts";
import { toKeptMoveShape } from "../../server/shapes/kept-move-shape.ts";
import { toOperationShape } from "../../server/shapes/change-shape.ts";
import { toUndoResultShape } from "../../server/shapes/undo-shape.ts";
import type { IssueShape } from "../../server/contract/issue.ts";
import { toCommentShape, toIssueShape } from "../../server/shapes/issue-shape.ts";
import { readIssueDetail } from "../../server/find/read-issue-detail.ts";
import { toRefContext } from "../../server/find/ref-context.ts";
import { resolveRef } from "../../server/find/resolve-ref.ts";
import { composeApp } from "../compose.ts";
import type { Context } from "../context.ts";
import { type Changing, deliveryMs } from "./changing.ts";

/** Changes issues in this process, under the lock; without a server, this process must send the changes itself. */
export async function openLocalChanging(context: Context, actor: Actor): Promise<Changing> {
  // Same session as through the server, so that one process can undo what another changed.
  const by: ChangeBy = { actor, session: `client ${actorName(actor)}` };
  const app = await composeApp({ ...context, programs: "used" });
  const { store, sync } = app;
  const changes: Changes = app.changes;
  const idOf = async (ref: string) => (await resolveRef(ref, toRefContext(app))).id;
  const shown = async (id: number): Promise<IssueShape> => toIssueShape(await store.board.card(id));
  const entry = async (work: Promise<OutboxEntry>) => toOperationShape(await work);
  const settled = async (what: readonly Settled[]) => ({ results: await toBulkResults(what, store), change: "" });
  return {
    async issue(ref) {
      return readIssueDetail(app, await idOf(ref));
    },
    projects: async () =>
      app.config.current().projects.map(({ id, path, sources }) => ({ id, path, sources: [...sources] })),
    create: async (draft) => shown((await changes.create(draft, by)).issueId),
    async edit(ref, patch) {
      return toIssueShape(await changes.edit(await idOf(ref), patch, by));
    },
    async comment(ref, body, replyTo) {
      const id = await idOf(ref);
      const { commentId } = await changes.comment(id, body, by, replyTo);
      const comment = (await store.comments.list(id)).find((one) => one.id === commentId);
      if (comment !== undefined) return toCommentShape(comment);
      throw new PanopticonError("not_found", "The comment was undone in the meantime.");
    },
    async link(ref, type, other) {
      const id = await idOf(ref);
      // Relation types are validated in `relate`.
      await changes.relate(id, type as RelationType, other, by);
      return shown(id);
    },
    unlink: async (ref, relationId) => changes.unrelate(await idOf(ref), relationId, by),
    undo: async (operation) =>
      toUndoResultShape(await changes.undo(by, operation === null ? undefined : { operation })),
    async outbox() {
      const operations = (await changes.outbox()).map(toOperationShape);
      return { operations, total: operations.length, cursor: null };
    },
    retry: (id, answer) => entry(changes.retry(id, answer)),
    drop: (id) => entry(changes.drop(id)),
    closeTwins: (id) => entry(changes.closeTwins(id, by)),
    resolve: (id, choices) => entry(changes.resolve(id, choices)),
    async keptMoves(project) {
      const moves = (await changes.keptMoves({ project })).map(toKeptMoveShape);
      return { moves, total: moves.length, cursor: null };
    },
    sendKept: async ({ refs, project, ...answer }) => settled(await changes.sendKept({ refs, project }, answer, by)),
    dropKept: async (input) => settled(await changes.dropKept(input, by)),
    deliver: () => sync.deliver(deliveryMs),
    triesAgain: false,
    close: () => app.close(),
  };
}
