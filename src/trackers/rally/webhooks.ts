import { z } from "zod";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { HttpClient, HttpRequest } from "../http/http-client.ts";
import { parseBody } from "../http/parse-body.ts";
import type { Source } from "../tracker.ts";
import type { TrackerWebhooks } from "../webhooks/webhook.ts";
import type { Places } from "./scope.ts";
import { servicePath, webhooksPath } from "./http-policy.ts";

const pageSize = 200;

const Hook = z.object({
  ObjectUUID: z.string(),
  TargetUrl: z.string().nullish(),
  Disabled: z.boolean().nullish(),
  Expressions: z.array(z.object({ AttributeName: z.string().nullish(), Value: z.unknown() })).nullish(),
});
const Page = z.object({ TotalResultCount: z.number(), Results: z.array(Hook) });
const OneProject = z.object({ Project: z.object({ _refObjectUUID: z.string() }) });

/** Manages a project's webhooks, in the service next to WSAPI. https://rally1.rallydev.com/apps/pigeon/docs/webhooks */
export function createRallyWebhooks(http: HttpClient, places: Places): TrackerWebhooks {
  const uuids = new Map<string, string>();

  async function uuidOf(source: Source, signal: AbortSignal | undefined): Promise<string> {
    const { project, workspace } = await places.scopeOf(source, signal);
    const known = uuids.get(project);
    if (known !== undefined) return known;
    const response = await http.request({
      url: `${servicePath}/project/${project}`,
      query: { fetch: "ObjectID", workspace: `/workspace/${workspace}` },
      signal,
    });
    const uuid = parseBody(OneProject, response.body, { tracker: "rally", what: "project" }).Project._refObjectUUID;
    uuids.set(project, uuid);
    return uuid;
  }

  async function send(source: Source, request: HttpRequest) {
    try {
      return await http.request(request);
    } catch (error) {
      throw isPanopticonError(error) && ["forbidden", "auth", "not_found"].includes(error.code)
        ? lacksRight(source, error)
        : error;
    }
  }

  /** All types that a source mirrors; this service has its own names for portfolio item types. A comment is a change of its item's discussion. */
  async function typesOf(source: Source, signal: AbortSignal | undefined): Promise<readonly string[]> {
    const { workspace } = await places.scopeOf(source, signal);
    const types = await places.typesOf(workspace, signal);
    return types.map(({ path: written }) => nameOf(written));
  }

  return {
    async list(source, signal) {
      const project = await uuidOf(source, signal);
      const found: z.infer<typeof Hook>[] = [];
      for (let start = 1; ; start += pageSize) {
        const response = await send(source, { url: webhooksPath, query: { start, pagesize: pageSize }, signal });
        const page = parseBody(Page, response.body, { tracker: "rally", what: "webhooks" });
        found.push(...page.Results);
        if (page.Results.length === 0 || found.length >= page.TotalResultCount) break;
      }
      return found
        .filter(({ Expressions: all }) => all?.some((one) => one.AttributeName === "Project" && one.Value === project))
        .map((hook) => ({ id: hook.ObjectUUID, url: hook.TargetUrl ?? "", active: hook.Disabled !== true }));
    },
    async create(source, { url }, signal) {
      const [project, types] = await Promise.all([uuidOf(source, signal), typesOf(source, signal)]);
      await send(source, {
        method: "POST",
        url: webhooksPath,
        body: {
          AppName: "Panopticon",
          AppUrl: new URL(url).origin,
          Name: `Panopticon ${source.key}`,
          TargetUrl: url,
          ObjectTypes: types,
          Expressions: [{ AttributeName: "Project", Operator: "=", Value: project }],
        },
        signal,
      });
    },
    async update(source, id, { url }, signal) {
      const body = { TargetUrl: url, Disabled: false };
      await send(source, { method: "PATCH", url: `${webhooksPath}/${encodeURIComponent(id)}`, body, signal });
    },
    async remove(_source, id, signal) {
      await http.request({ method: "DELETE", url: `${webhooksPath}/${encodeURIComponent(id)}`, accept: [404], signal });
    },
  };
}

/** `portfolioitem/feature` → `Feature`, `hierarchicalrequirement` → `HierarchicalRequirement`. */
function nameOf(written: string): string {
  const last = written.split("/").at(-1) ?? written;
  return last === "hierarchicalrequirement" ? "HierarchicalRequirement" : last.charAt(0).toUpperCase() + last.slice(1);
}

function lacksRight(source: Source, cause: PanopticonError): PanopticonError {
  return new PanopticonError("forbidden", `The API key has no permission to manage the webhooks of ${source.key}.`, {
    tracker: "rally",
    hint: "Rally only allows this for subscription administrators, with a key that has write access.",
    cause,
  });
}
