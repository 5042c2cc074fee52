import { setTimeout as sleep } from "node:timers/promises";
import type { TrackersShape } from "../../server/contract/tracker.ts";
import { PanopticonError, isPanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { findServer, sendDelivery, type ServerClient } from "../server/server-client.ts";
import { pingWebhooks } from "./registration.ts";
import type { WebhookSetup } from "./webhook-setup.ts";

export type Trial = {
  /** Our own delivery travelled from the public address to the server and was accepted. */
  readonly arrived: boolean;
  /** The problem, as a sentence. */
  readonly problem: string | null;
  readonly hint: string | null;
  /** How many webhooks the tracker was asked to ping; null: it cannot, or these credentials may not. */
  readonly asked: number | null;
  /** Whether the tracker's own delivery then arrived. */
  readonly heard: boolean | null;
};

/** How long trackers take to send a requested delivery. */
const patienceMs = 15_000;
const intervalMs = 250;

/** Sends a delivery to the public address, and has the tracker send one if it can. Throws `unreachable` without a running server. */
export async function tryDelivery(context: Context, setup: WebhookSetup): Promise<Trial> {
  const client = await findServer(context.paths.serverFile);
  if (client === null) {
    throw new PanopticonError("unreachable", "No server is running to receive a delivery.", {
      hint: "Start it with pan up.",
    });
  }
  const sent = await sendDelivery(setup.address, setup.reader.ping(setup.secret, context.clock.now()));
  const trouble = explain(sent, setup);
  if (trouble !== null) return { arrived: false, ...trouble, asked: null, heard: null };
  const before = await countDeliveries(client, setup);
  const asked = await askTracker(setup);
  const heard = asked === null || asked === 0 ? null : await waitForMore(client, setup, before);
  return { arrived: true, problem: null, hint: null, asked, heard };
}

function explain(
  { status, text }: { readonly status: number; readonly text: string },
  { address, connection }: WebhookSetup,
): { readonly problem: string; readonly hint: string } | null {
  if (status === 202) return null;
  const { host } = new URL(address);
  switch (status) {
    case 0:
      return {
        problem: `${host} is not responding: ${text}.`,
        hint: "Check that the tunnel or proxy is running; trackers cannot reach it either.",
      };
    case 401:
      return {
        problem: "The server could not verify the delivery's signature.",
        hint: `Something in between changes the body or drops headers, or another server responds at ${host}.`,
      };
    case 403:
      return {
        problem: "The server rejected the host name of the request.",
        hint: `The tunnel or proxy must pass on “Host: ${host}”, as server.publicUrl says, or localhost with the server's port, and add no Origin.`,
      };
    case 413:
      return { problem: "The body is too large for a proxy in between.", hint: "Allow bodies of up to 4 MB." };
    default:
      return {
        problem: `${host} responded with ${status}.`,
        hint: `The tunnel or proxy must forward POST /webhooks/${connection.tracker} to this server, with the same path.`,
      };
  }
}

async function askTracker(setup: WebhookSetup): Promise<number | null> {
  try {
    return await pingWebhooks(setup);
  } catch (error) {
    // Without the right to see webhooks, or if the tracker cannot ping, the first half of the test suffices.
    if (isPanopticonError(error) && ["forbidden", "unsupported"].includes(error.code)) return null;
    throw error;
  }
}

async function countDeliveries(client: ServerClient, { connection }: WebhookSetup): Promise<number> {
  const { trackers } = (await client.get("/api/trackers")) as TrackersShape;
  return trackers.find((one) => one.connection === connection.id)?.webhooks.deliveries ?? 0;
}

async function waitForMore(client: ServerClient, setup: WebhookSetup, before: number): Promise<boolean> {
  for (let waited = 0; waited < patienceMs; waited += intervalMs) {
    if ((await countDeliveries(client, setup)) > before) return true;
    await sleep(intervalMs);
  }
  return false;
}
