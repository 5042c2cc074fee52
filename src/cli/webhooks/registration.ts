import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { RegisteredWebhook, Source, TrackerWebhooks } from "../../trackers/tracker.ts";
import type { WebhookSetup } from "./webhook-setup.ts";

/** The outcome for one source. */
export type Registration = {
  readonly source: string;
  readonly done: "created" | "updated" | "removed" | "none" | "failed";
  readonly error: PanopticonError | null;
};

/** Creates each source's webhook, or updates the secret of an existing one. One failure does not stop the others. */
export function createWebhooks(setup: WebhookSetup): Promise<readonly Registration[]> {
  const hook = { url: setup.address, secret: setup.secret };
  return forEachSource(setup, async (webhooks, source, own) => {
    const [first, ...more] = own;
    if (first === undefined) {
      await webhooks.create(source, hook);
      return "created";
    }
    await webhooks.update(source, first.id, hook);
    for (const { id } of more) await webhooks.remove(source, id);
    return "updated";
  });
}

export function removeWebhooks(setup: WebhookSetup): Promise<readonly Registration[]> {
  return forEachSource(setup, async (webhooks, source, own) => {
    for (const { id } of own) await webhooks.remove(source, id);
    return own.length > 0 ? "removed" : "none";
  });
}

/** Has the tracker send a delivery to each of our webhooks. */
export async function pingWebhooks(setup: WebhookSetup): Promise<number> {
  const { webhooks } = setup.open();
  if (webhooks?.ping === undefined) return 0;
  let asked = 0;
  for (const source of setup.sources) {
    for (const { id } of await findOwn(setup, webhooks, source)) {
      await webhooks.ping(source, id);
      asked += 1;
    }
  }
  return asked;
}

async function forEachSource(
  setup: WebhookSetup,
  work: (webhooks: TrackerWebhooks, source: Source, own: readonly RegisteredWebhook[]) => Promise<Registration["done"]>,
): Promise<readonly Registration[]> {
  const { webhooks } = setup.open();
  if (webhooks === undefined) throw byHand(setup);
  const results: Registration[] = [];
  for (const source of setup.sources) {
    try {
      const done = await work(webhooks, source, await findOwn(setup, webhooks, source));
      results.push({ source: source.key, done, error: null });
    } catch (error) {
      results.push({ source: source.key, done: "failed", error: toPanopticonError(error) });
    }
  }
  return results;
}

/** The webhooks that point here, whatever their secret. */
async function findOwn(
  { address }: WebhookSetup,
  webhooks: TrackerWebhooks,
  source: Source,
): Promise<readonly RegisteredWebhook[]> {
  const own = toPlace(address);
  return (await webhooks.list(source)).filter(({ url }) => toPlace(url) === own);
}

function toPlace(address: string): string | null {
  const url = URL.parse(address);
  return url === null ? null : url.origin + url.pathname;
}

function byHand({ definition, connection }: WebhookSetup): PanopticonError {
  return new PanopticonError("unsupported", `${definition.label} does not let personal tokens create webhooks.`, {
    tracker: definition.id,
    hint: `An administrator must create it by hand. Show the steps with pan webhooks ${connection.id}.`,
  });
}
