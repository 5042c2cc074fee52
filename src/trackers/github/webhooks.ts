import { z } from "zod";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { HttpClient, HttpRequest } from "../http/http-client.ts";
import { parseBody } from "../http/parse-body.ts";
import type { Source } from "../tracker.ts";
import type { TrackerWebhooks } from "../webhooks/webhook.ts";
import { webhookEvents } from "./webhook-reader.ts";
import { linkedPages } from "../http/linked-pages.ts";

const Hook = z.object({
  id: z.number().int(),
  active: z.boolean(),
  config: z.object({ url: z.string().optional() }),
});

/** Manages a repository's webhooks. https://docs.github.com/en/rest/repos/webhooks */
export function createGithubWebhooks(http: HttpClient): TrackerWebhooks {
  const pathOf = (source: Source) =>
    source.nativeId === null
      ? `/repos/${source.key.split("/").map(encodeURIComponent).join("/")}/hooks`
      : `/repositories/${encodeURIComponent(source.nativeId)}/hooks`;

  async function send(source: Source, request: HttpRequest) {
    try {
      return await http.request(request);
    } catch (error) {
      throw isPanopticonError(error) && (error.code === "not_found" || error.code === "forbidden")
        ? lacksRight(source, error)
        : error;
    }
  }

  const bodyOf = ({ url, secret }: { readonly url: string; readonly secret: string }) => ({
    active: true,
    events: webhookEvents,
    config: { url, secret, content_type: "json", insecure_ssl: "0" },
  });

  return {
    async list(source, signal) {
      const found: z.infer<typeof Hook>[] = [];
      const first = await send(source, { url: pathOf(source), query: { per_page: 100 }, signal });
      for await (const { body } of linkedPages(http, first, signal, (request) => send(source, request))) {
        found.push(...parseBody(Hook.array(), body, { tracker: "github", what: "webhooks" }));
      }
      return found.map(({ id, active, config }) => ({ id: String(id), active, url: config.url ?? "" }));
    },
    async create(source, hook, signal) {
      await send(source, { method: "POST", url: pathOf(source), body: { name: "web", ...bodyOf(hook) }, signal });
    },
    async update(source, id, hook, signal) {
      await send(source, { method: "PATCH", url: `${pathOf(source)}/${id}`, body: bodyOf(hook), signal });
    },
    async remove(source, id, signal) {
      await http.request({ method: "DELETE", url: `${pathOf(source)}/${id}`, accept: [404], signal });
    },
    async ping(source, id, signal) {
      await send(source, { method: "POST", url: `${pathOf(source)}/${id}/pings`, signal });
    },
  };
}

/** GitHub answers 404 to users who may not manage webhooks. */
function lacksRight(source: Source, cause: PanopticonError): PanopticonError {
  return new PanopticonError("forbidden", `The token has no permission to manage the webhooks of ${source.key}.`, {
    tracker: "github",
    hint: "This requires admin access to the repository, and a classic token with `repo` or `admin:repo_hook`, or a fine-grained one with Webhooks: read and write. Or create it by hand: pan webhooks shows the steps.",
    cause,
  });
}
