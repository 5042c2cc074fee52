import type { Hook, HookRegistry } from "../server/hook-registry.ts";
import type { WireReply, WireRequest } from "../server/http-server.ts";
import type { Account } from "./access.ts";
import { jsonReply } from "./replies.ts";
import type { RallyState } from "./state.ts";
import { uuidOf } from "./wire.ts";

/** The webhook service, separate from WSAPI. https://rally1.rallydev.com/apps/pigeon/docs/webhooks */
export const pigeonPath = "/apps/pigeon/api/v2/webhook";

type Context = { readonly state: RallyState; readonly hooks: HookRegistry; readonly account: Account };

/** For subscription administrators: here the first user, with a key that may write. */
export function hookRoutes({ state, hooks, account }: Context, request: WireRequest): WireReply {
  if (account.user !== state.users[0] || account.isReadOnly) {
    return jsonReply(403, {
      errors: [{ type: "Forbidden", message: "Only subscription administrators may manage webhooks." }],
    });
  }
  const id = request.path.slice(pigeonPath.length + 1);
  if (id === "") {
    if (request.method === "GET") {
      const all = hooks.all();
      const start = Number(request.query.get("start") ?? "1");
      const size = Number(request.query.get("pagesize") ?? "20");
      const results = all.slice(start - 1, start - 1 + size).map((hook) => toWire(state, hook));
      return jsonReply(200, { StartIndex: start, PageSize: size, TotalResultCount: all.length, Results: results });
    }
    if (request.method !== "POST") return gone();
    const read = readHook(state, request, true);
    if (typeof read === "string") return unusable(read);
    return jsonReply(200, toWire(state, hooks.add({ ...read, secret: null, id: crypto.randomUUID() })));
  }
  const hook = hooks.find(id);
  if (hook === undefined) return gone();
  if (request.method === "GET") return jsonReply(200, toWire(state, hook));
  if (request.method === "DELETE") {
    hooks.remove(id);
    return { status: 204, body: "" };
  }
  if (request.method !== "PATCH") return gone();
  const read = readHook(state, request, false);
  if (typeof read === "string") return unusable(read);
  hook.url = read.url;
  hook.active = true;
  return jsonReply(200, toWire(state, hook));
}

const gone = () => jsonReply(404, { errors: [{ type: "NotFound", message: "Not found" }] });
const unusable = (message: string) => jsonReply(422, { errors: [{ type: "Validation", message }] });

/** A project's UUID, which expressions compare with. */
export function projectUuid(oid: number): string {
  return uuidOf({ type: { name: "Project", path: "project", attributes: [] }, oid });
}

function readHook(
  state: RallyState,
  request: WireRequest,
  whole: boolean,
): { url: string; sourceId: string | null; events: string[] } | string {
  const body = JSON.parse(request.body === "" ? "{}" : request.body) as Record<string, unknown>;
  const { TargetUrl: url, ObjectTypes: types, Expressions: expressions } = body;
  if (typeof url !== "string" || !/^https?:\/\//.test(url)) return "TargetUrl must be an address";
  if (!whole) return { url, sourceId: null, events: [] };
  for (const name of ["AppName", "AppUrl", "Name"]) if (typeof body[name] !== "string") return `${name} is missing`;
  if (!Array.isArray(expressions) || expressions.length === 0) return "Expressions are missing";
  const wanted = (expressions as { AttributeName?: string; Operator?: string; Value?: unknown }[]).find(
    (one) => one.AttributeName === "Project" && one.Operator === "=",
  );
  const project = state.projects.find((one) => projectUuid(one.oid) === wanted?.Value);
  if (project === undefined) return "There is no such project";
  return { url, sourceId: String(project.oid), events: Array.isArray(types) ? types.map(String) : [] };
}

function toWire(_state: RallyState, hook: Hook): object {
  return {
    _type: "webhook",
    ObjectUUID: hook.id,
    TargetUrl: hook.url,
    Disabled: !hook.active,
    ObjectTypes: hook.events,
    Expressions:
      hook.sourceId === null
        ? []
        : [{ AttributeName: "Project", Operator: "=", Value: projectUuid(Number(hook.sourceId)) }],
    CreationDate: new Date(hook.createdAt).toISOString(),
  };
}
