import { z } from "zod";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { HttpClient, HttpRequest } from "../http/http-client.ts";
import { parseBody } from "../http/parse-body.ts";
import type { Source } from "../tracker.ts";
import type { TrackerWebhooks } from "../webhooks/webhook.ts";
import { projectOf } from "./project-of.ts";
import { linkedPages } from "../http/linked-pages.ts";

const Hook = z.object({ id: z.number().int(), url: z.string(), alert_status: z.string().nullish() });

/** Manages a project's webhooks. https://docs.gitlab.com/api/project_webhooks/ */
export function createGitlabWebhooks(http: HttpClient): TrackerWebhooks {
  const pathOf = (source: Source) => `/projects/${encodeURIComponent(projectOf(source))}/hooks`;

  async function send(source: Source, request: HttpRequest) {
    try {
      return await http.request(request);
    } catch (error) {
      throw isPanopticonError(error) && error.code === "forbidden" ? lacksRight(source, error) : error;
    }
  }

  const bodyOf = ({ url, secret }: { readonly url: string; readonly secret: string }) => ({
    url,
    token: secret,
    name: "Panopticon",
    issues_events: true,
    confidential_issues_events: true,
    note_events: true,
    confidential_note_events: true,
    push_events: false,
    enable_ssl_verification: true,
  });

  return {
    async list(source, signal) {
      const found: z.infer<typeof Hook>[] = [];
      const first = await send(source, { url: pathOf(source), query: { per_page: 100 }, signal });
      for await (const { body } of linkedPages(http, first, signal, (request) => send(source, request))) {
        found.push(...parseBody(Hook.array(), body, { tracker: "gitlab", what: "webhooks" }));
      }
      return found.map(({ id, url, alert_status: status }) => ({
        id: String(id),
        url,
        active: status == null || status === "executable",
      }));
    },
    async create(source, hook, signal) {
      await send(source, { method: "POST", url: pathOf(source), body: bodyOf(hook), signal });
    },
    async update(source, id, hook, signal) {
      await send(source, { method: "PUT", url: `${pathOf(source)}/${id}`, body: bodyOf(hook), signal });
    },
    async remove(source, id, signal) {
      await http.request({ method: "DELETE", url: `${pathOf(source)}/${id}`, accept: [404], signal });
    },
    async ping(source, id, signal) {
      await send(source, { method: "POST", url: `${pathOf(source)}/${id}/test/issues_events`, signal });
    },
  };
}

function lacksRight(source: Source, cause: PanopticonError): PanopticonError {
  return new PanopticonError("forbidden", `The token has no permission to manage the webhooks of ${source.key}.`, {
    tracker: "gitlab",
    hint: "This needs a maintainer of the project and a token with the scope `api`. Or set it up by hand: pan webhooks shows how.",
    cause,
  });
}
