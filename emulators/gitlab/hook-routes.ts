import type { Hook } from "../server/hook-registry.ts";
import type { WireReply, WireRequest } from "../server/http-server.ts";
import type { Project } from "./records.ts";
import { badRequest, forbidden, jsonReply, noRoute, notFound } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";

const maintainer = 40;
const eventFlags = [
  "issues_events",
  "confidential_issues_events",
  "note_events",
  "confidential_note_events",
  "push_events",
] as const;

/** `/projects/:id/hooks`: for maintainers. Responses never contain the token. */
export function hookRoutes(
  { hooks, account }: RouteContext,
  project: Project,
  request: WireRequest,
  [id, action, trigger]: readonly string[],
): WireReply {
  if ((account.accessLevel ?? 0) < maintainer) return forbidden();
  const own = hooks.all().filter((hook) => hook.sourceId === String(project.id));
  if (id === undefined) {
    if (request.method === "GET") {
      return jsonReply(
        200,
        own.map((hook) => toWire(hook, project)),
      );
    }
    if (request.method !== "POST") return noRoute();
    const read = readHook(request);
    if (read === null) return badRequest(["url is missing"]);
    return jsonReply(201, toWire(hooks.add({ ...read, sourceId: String(project.id) }), project));
  }
  const hook = own.find((one) => one.id === id);
  if (hook === undefined) return notFound("");
  if (action === "test" && request.method === "POST") {
    if (trigger !== "issues_events") return badRequest(["trigger does not have a valid value"]);
    hooks.ping(hook);
    return jsonReply(201, { message: "201 Created" });
  }
  if (action !== undefined) return noRoute();
  if (request.method === "GET") return jsonReply(200, toWire(hook, project));
  if (request.method === "DELETE") {
    hooks.remove(hook.id);
    return { status: 204, body: "" };
  }
  if (request.method !== "PUT") return noRoute();
  const read = readHook(request);
  if (read === null) return badRequest(["url is missing"]);
  Object.assign(hook, read, { active: true });
  return jsonReply(200, toWire(hook, project));
}

function readHook(request: WireRequest): { url: string; secret: string | null; events: string[] } | null {
  const body = JSON.parse(request.body === "" ? "{}" : request.body) as Record<string, unknown>;
  const { url, token } = body;
  if (typeof url !== "string" || !/^https?:\/\//.test(url)) return null;
  return {
    url,
    secret: typeof token === "string" && token !== "" ? token : null,
    events: eventFlags.filter((flag) => body[flag] === true || (flag === "push_events" && body[flag] === undefined)),
  };
}

function toWire(hook: Hook, project: Project): object {
  return {
    id: Number(hook.id),
    url: hook.url,
    name: "Panopticon",
    description: "",
    project_id: project.id,
    ...Object.fromEntries(eventFlags.map((flag) => [flag, hook.events.includes(flag)])),
    enable_ssl_verification: true,
    alert_status: hook.active ? "executable" : "disabled",
    disabled_until: null,
    url_variables: [],
    custom_headers: [],
    created_at: new Date(hook.createdAt).toISOString(),
  };
}
