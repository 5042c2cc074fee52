import { fetchPages } from "../../domain/fetch-pages.ts";
import type { OutboxShape } from "../../server/contract/change.ts";
import type { ServerClient } from "./server-client.ts";

/** A running server's complete outbox. */
export async function fetchOutbox(client: Pick<ServerClient, "get">): Promise<OutboxShape> {
  const get = async (query: URLSearchParams) => (await client.get("/api/outbox", query)) as OutboxShape;
  const operations = await fetchPages(get, (page) => page.operations);
  return { operations, total: operations.length, cursor: null };
}
