import type { Hook } from "../server/hook-registry.ts";
import type { WireReply, WireRequest } from "../server/http-server.ts";
import type { Account } from "./access.ts";
import { pageOf } from "./paging.ts";
import type { Repo } from "./records.ts";
import { jsonReply, messageReply, notFound, validationFailed } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { iso } from "./wire-format.ts";

const documentation = "https://docs.github.com/rest/repos/webhooks";

/** `/repos/{owner}/{repo}/hooks`: for admins of the repository with a `repo` token. */
export function hookRoutes(
  context: RouteContext,
  repo: Repo,
  request: WireRequest,
  parts: readonly string[],
): WireReply {
  const refused = refuse(context.account);
  if (refused !== null) return refused;
  const { hooks, origin } = context;
  const base = `${origin}/repositories/${repo.id}/hooks`;
  const own = hooks.all().filter((hook) => hook.sourceId === String(repo.id));
  const [id, action] = parts;
  if (id === undefined && request.method === "GET") {
    const page = pageOf(own, base, request);
    return jsonReply(
      200,
      page.items.map((hook) => toWire(hook, base)),
      page.headers,
    );
  }
  if (id === undefined && request.method === "POST") {
    const read = readHook(request);
    if (typeof read === "string") return unusable(read);
    if (own.some((hook) => hook.url === read.url)) return unusable("Hook already exists on this repository");
    const hook = hooks.add({ ...read, sourceId: String(repo.id) });
    hooks.ping(hook);
    return jsonReply(201, toWire(hook, base), { Location: `${base}/${hook.id}` });
  }
  const hook = own.find((one) => one.id === id);
  if (hook === undefined) return notFound(documentation);
  if (action === "pings" && request.method === "POST") {
    hooks.ping(hook);
    return { status: 204, body: "" };
  }
  if (action !== undefined) return notFound(documentation);
  if (request.method === "GET") return jsonReply(200, toWire(hook, base));
  if (request.method === "DELETE") {
    hooks.remove(hook.id);
    return { status: 204, body: "" };
  }
  if (request.method !== "PATCH") return notFound(documentation);
  const read = readHook(request);
  if (typeof read === "string") return unusable(read);
  Object.assign(hook, read, { active: true });
  return jsonReply(200, toWire(hook, base));
}

function refuse(account: Account): WireReply | null {
  if (account.user === null) return messageReply(401, "Requires authentication", documentation);
  if (account.issues !== null)
    return messageReply(403, "Resource not accessible by personal access token", documentation);
  return account.role === "write" && account.scopes.includes("repo") ? null : notFound(documentation);
}

function readHook(request: WireRequest): { url: string; secret: string | null; events: string[] } | string {
  const body = JSON.parse(request.body === "" ? "{}" : request.body) as {
    config?: { url?: unknown; secret?: unknown; content_type?: unknown };
    events?: unknown;
  };
  const { url, secret, content_type: type } = body.config ?? {};
  if (typeof url !== "string" || !/^https?:\/\//.test(url)) return "url is not a valid URL";
  if (type !== "json") return "only the content type json is emulated";
  const events = Array.isArray(body.events) ? body.events.map(String) : ["push"];
  return { url, secret: typeof secret === "string" && secret !== "" ? secret : null, events };
}

function unusable(message: string): WireReply {
  return validationFailed([{ resource: "Hook", field: "url", code: "custom", message }], documentation);
}

function toWire(hook: Hook, base: string): object {
  const url = `${base}/${hook.id}`;
  return {
    type: "Repository",
    id: Number(hook.id),
    name: "web",
    active: hook.active,
    events: hook.events,
    config: {
      content_type: "json",
      insecure_ssl: "0",
      url: hook.url,
      ...(hook.secret === null ? {} : { secret: "********" }),
    },
    updated_at: iso(hook.createdAt),
    created_at: iso(hook.createdAt),
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: { code: null, status: "unused", message: null },
  };
}
