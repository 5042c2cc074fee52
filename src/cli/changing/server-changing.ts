import type { Clock } from "../../domain/clock.ts";
import { openStates } from "../../domain/operation.ts";
import { fetchPages } from "../../domain/fetch-pages.ts";
import type { BulkResultShape, OperationShape, UndoResultShape } from "../../server/contract/change.ts";
import type { CommentShape, IssueDetailShape, IssueShape } from "../../server/contract/issue.ts";
import type { KeptMovesShape } from "../../server/contract/shadow.ts";
import { fetchOutbox } from "../server/fetch-outbox.ts";
import { fetchProjects } from "../server/fetch-projects.ts";
import type { ServerClient } from "../server/server-client.ts";
import { type Changing, deliveryMs } from "./changing.ts";

const pollMs = 100;

/** Changes issues through a running server, which delivers them itself. Responses are trusted to match its contract. */
export function createServerChanging(client: ServerClient, clock: Clock): Changing {
  const at = (ref: string) => `/api/issues/${encodeURIComponent(ref)}`;
  const outbox = () => fetchOutbox(client);
  return {
    issue: async (ref) => (await client.get(at(ref))) as IssueDetailShape,
    projects: async () => (await fetchProjects(client)).projects,
    create: async (draft) => (await client.send("POST", "/api/issues", draft)) as IssueShape,
    edit: async (ref, patch) => (await client.send("PATCH", at(ref), patch)) as IssueShape,
    comment: async (ref, body, replyTo) =>
      (await client.send("POST", `${at(ref)}/comments`, { body, replyTo })) as CommentShape,
    link: async (ref, type, other) =>
      (await client.send("POST", `${at(ref)}/relations`, { type, ref: other })) as IssueShape,
    async unlink(ref, relationId) {
      await client.send("DELETE", `${at(ref)}/relations/${encodeURIComponent(relationId)}`);
    },
    undo: async (operation) =>
      (await client.send("POST", "/api/undo", operation === null ? {} : { operation })) as UndoResultShape,
    outbox,
    retry: async (id, answer) => (await client.send("POST", `/api/outbox/${id}/retry`, answer)) as OperationShape,
    drop: async (id) => (await client.send("POST", `/api/outbox/${id}/drop`)) as OperationShape,
    closeTwins: async (id) => (await client.send("POST", `/api/outbox/${id}/close`)) as OperationShape,
    resolve: async (id, choices) => (await client.send("POST", `/api/outbox/${id}/resolve`, choices)) as OperationShape,
    async keptMoves(project) {
      const filter = project === undefined ? {} : { project };
      const get = async (query: URLSearchParams) => (await client.get("/api/shadow", query)) as KeptMovesShape;
      const found = await fetchPages(get, (page) => page.moves.map((move) => ({ id: move.address, move })), filter);
      return { moves: found.map(({ move }) => move), total: found.length, cursor: null };
    },
    sendKept: async (input) => (await client.send("POST", "/api/shadow/send", input)) as BulkResultShape,
    dropKept: async (input) => (await client.send("POST", "/api/shadow/drop", input)) as BulkResultShape,
    async deliver(ids) {
      const end = clock.now() + deliveryMs;
      const canGo = ({ id, state, nextAttemptAt }: OperationShape) =>
        ids.includes(id) &&
        openStates.includes(state) &&
        (nextAttemptAt === null || Date.parse(nextAttemptAt) < end || state === "sending");
      while (clock.now() < end && (await outbox()).operations.some(canGo)) await clock.sleep(pollMs);
    },
    triesAgain: true,
    close: () => Promise.resolve(),
  };
}
