import { type Actor, actorName } from "../../domain/operation.ts";
import type { Context } from "../context.ts";
import { openWithLock } from "../server/open-with-lock.ts";
import type { Changing } from "./changing.ts";

/**
 * Opens the operations that change issues; `actor` appears in the history. Without a server, this process takes the lock as soon as no other command holds it;
 * throws as `openWithLock` does.
 */
export async function openChanging(context: Context, actor: Actor = { kind: "cli" }): Promise<Changing> {
  const { findServer } = await import("../server/server-client.ts");
  const through = async () => {
    const client = await findServer(context.paths.serverFile, actorName(actor));
    if (client === null) return null;
    return (await import("./server-changing.ts")).createServerChanging(client, context.clock);
  };
  return openWithLock(context, through, async () =>
    (await import("./local-changing.ts")).openLocalChanging(context, actor),
  );
}
