import type { OutboxShape } from "../server/contract/change.ts";
import type { ServerClient } from "./server-client.ts";

/** A page holds at most so many. */
const mostAtOnce = "1000";

/** A running server's outbox, all of it. */
export async function fetchOutbox(client: Pick<ServerClient, "get">): Promise<OutboxShape> {
  const query = new URLSearchParams({ limit: mostAtOnce });
  const operations = new Map<number, OutboxShape["operations"][number]>();
  for (;;) {
    const page = (await client.get("/api/outbox", query)) as OutboxShape;
    // Between two pages an entry may move.
    for (const operation of page.operations) operations.set(operation.id, operation);
    if (page.cursor === null) return { operations: [...operations.values()], total: operations.size, cursor: null };
    query.set("cursor", page.cursor);
  }
}
