import type { Me } from "../../store/store.ts";
import type { Services } from "../services.ts";

/** The user's account in each connection, and the connections whose account is unknown. */
export async function readMe(
  services: Pick<Services, "store" | "config">,
): Promise<{ me: Me; unknown: readonly string[] }> {
  const accounts = await services.store.sources.accounts();
  const me = Object.fromEntries(Object.entries(accounts).map(([connection, account]) => [connection, account.id]));
  const { connections } = services.config.current();
  return { me, unknown: connections.map((connection) => connection.id).filter((id) => !Object.hasOwn(me, id)) };
}
