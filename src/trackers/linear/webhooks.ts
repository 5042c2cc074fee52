import { z } from "zod";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { HttpClient } from "../http/http-client.ts";
import type { Source } from "../tracker.ts";
import type { TrackerWebhooks } from "../webhooks/webhook.ts";
import { type Answer, createAsk } from "./ask.ts";
import * as documents from "./webhook-documents.ts";
import { resourceTypes } from "./webhook-reader.ts";

const pageSize = 50;

const Webhooks = z.object({
  webhooks: z.object({
    nodes: z.array(
      z.object({
        id: z.string(),
        url: z.string().nullish(),
        enabled: z.boolean(),
        team: z.object({ id: z.string(), key: z.string() }).nullish(),
      }),
    ),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  }),
});

const payload = <Name extends string>(name: Name) =>
  z.object({ [name]: z.object({ success: z.boolean() }) } as Record<Name, z.ZodObject<{ success: z.ZodBoolean }>>);

/** Manages a team's webhooks. https://linear.app/developers/webhooks#creating-webhooks-using-the-api */
export function createLinearWebhooks(http: HttpClient): TrackerWebhooks {
  const { ask, change } = createAsk(http);

  async function asAdmin<T>(source: Source, call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw isPanopticonError(error) && error.code === "forbidden" ? lacksRight(source, error) : error;
    }
  }

  return {
    async list(source, signal) {
      const found: z.infer<typeof Webhooks>["webhooks"]["nodes"] = [];
      let after: string | null = null;
      do {
        const answer: Answer<z.infer<typeof Webhooks>> = await asAdmin(
          source,
          ask(documents.webhooksQuery, { first: pageSize, after }, Webhooks, signal),
        );
        const { nodes, pageInfo } = answer.data.webhooks;
        found.push(...nodes);
        after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
      } while (after !== null);
      return found
        .filter(({ team }) => team == null || team.id === source.nativeId || isKey(source, team.key))
        .map(({ id, url, enabled }) => ({ id, url: url ?? "", active: enabled }));
    },
    async create(source, { url, secret }, signal) {
      const teamId = source.nativeId ?? source.key;
      const input = { url, secret, teamId, resourceTypes, label: "Panopticon", enabled: true };
      await asAdmin(source, change(documents.createWebhook, { input }, payload("webhookCreate"), signal));
    },
    async update(source, id, { url, secret }, signal) {
      const input = { url, secret, resourceTypes, enabled: true };
      await asAdmin(source, change(documents.updateWebhook, { id, input }, payload("webhookUpdate"), signal));
    },
    async remove(source, id, signal) {
      try {
        await asAdmin(source, change(documents.deleteWebhook, { id }, payload("webhookDelete"), signal));
      } catch (error) {
        if (!isPanopticonError(error) || error.code !== "not_found") throw error;
      }
    },
  };
}

function isKey(source: Source, key: string): boolean {
  return source.nativeId === null && source.key.toLowerCase() === key.toLowerCase();
}

function lacksRight(source: Source, cause: PanopticonError): PanopticonError {
  return new PanopticonError("forbidden", `The API key has no permission to manage the webhooks of ${source.key}.`, {
    tracker: "linear",
    hint: "Only workspace admins can. Ask one to do it, or to create the webhook by hand: pan webhooks shows the steps.",
    cause,
  });
}
