import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { openBrowser } from "./open-browser.ts";
import { type Relay, startRelay } from "./relay.ts";

/** The port of a server of this machine, and an address that signs in. */
type Served = { readonly port: number; readonly server: { openAddress(): string } };

/** A relay, which a browser of its own takes for the server, an empty tab, and the address that opens the board in it. */
export async function openRelayed(
  context: TestContext,
  served: Served,
): Promise<{ readonly relay: Relay; readonly page: Page; readonly address: string }> {
  const { port } = served;
  const relay = await startRelay(port);
  const own = await openBrowser({ switches: [`--host-resolver-rules=MAP localhost:${port} 127.0.0.1:${relay.port}`] });
  const { page } = await own.open();
  const address = new URL(served.server.openAddress());
  address.hostname = "localhost";
  context.after(async () => {
    await own.close();
    relay.close();
  });
  return { relay, page, address: address.href };
}
