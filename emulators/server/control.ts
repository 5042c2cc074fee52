import type { Fault, Webhooks, World, WorldFields } from "../emulator.ts";
import type { FaultList } from "./fault-list.ts";
import { controlPath, type WireReply, type WireRequest } from "./http-server.ts";
import type { RequestRecorder } from "./request-recorder.ts";

type Parts = {
  readonly world: World;
  readonly faults: FaultList;
  readonly requests: RequestRecorder;
  readonly webhooks: Webhooks;
};

/** `World`, `Faults` and `RequestLog` over HTTP, as JSON; emulators/README.md documents the calls. */
export function createControl(parts: Parts): (request: WireRequest) => WireReply {
  return (request) => {
    try {
      return route(parts, request);
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}

function route({ world, faults, requests, webhooks }: Parts, request: WireRequest): WireReply {
  const path = request.path.slice(controlPath.length).replace(/\/$/, "");
  const call = `${request.method} ${path}`;
  const single = /^\/issues\/([^/]+)(?:\/(comments|move|malform|archive))?$/.exec(path);
  switch (call) {
    case "GET /requests":
      return json(200, { count: requests.count(), requests: requests.list() });
    case "DELETE /requests":
      requests.clear();
      return json(204);
    case "GET /webhooks":
      return json(200, { webhooks: webhooks.list(), deliveries: webhooks.deliveries() });
    case "POST /webhooks": {
      const { url, secret, source } = readBody(request);
      const sourceId = typeof source === "string" ? source : null;
      return json(
        201,
        webhooks.register({ url: text(url, "url"), secret: typeof secret === "string" ? secret : null, sourceId }),
      );
    }
    case "POST /webhooks/hold":
      webhooks.hold();
      return json(204);
    case "POST /webhooks/release": {
      const { reversed, times } = readBody(request);
      void webhooks.release({
        order: reversed === true ? "reversed" : "as-sent",
        times: typeof times === "number" ? times : 1,
      });
      return json(202, {});
    }
    case "POST /webhooks/retry":
      void webhooks.retry();
      return json(202, {});
    case "GET /faults":
      return json(200, { faults: faults.list() });
    case "POST /faults":
      faults.add(parseFault(readBody(request)));
      return json(201, { faults: faults.list() });
    case "DELETE /faults":
      faults.clear();
      return json(204);
    case "GET /issues": {
      const issues = world.issues(request.query.get("source") ?? undefined);
      return json(200, { total: issues.length, issues: issues.slice(0, Number(request.query.get("limit") ?? 1_000)) });
    }
    case "POST /issues": {
      const { source, ...fields } = readBody(request);
      return json(201, world.create(text(source, "source"), fields as Partial<WorldFields>));
    }
    case "POST /sources/hide": {
      const body = readBody(request);
      world.hideSource(text(body["source"], "source"), body["hidden"] !== false);
      return json(204);
    }
    case "POST /sources/rename": {
      if (world.renameSource === undefined) throw new Error("This tracker's sources have no names that can change.");
      const body = readBody(request);
      world.renameSource(text(body["from"], "from"), text(body["to"], "to"));
      return json(204);
    }
    case "POST /states/rename": {
      if (world.renameState === undefined) throw new Error("This tracker's states have no names that can change.");
      const body = readBody(request);
      world.renameState(text(body["source"], "source"), text(body["from"], "from"), text(body["to"], "to"));
      return json(204);
    }
    case "POST /people/rename": {
      if (world.renamePerson === undefined) throw new Error("People's names cannot change here.");
      const body = readBody(request);
      world.renamePerson(text(body["login"], "login"), text(body["name"], "name"));
      return json(204);
    }
    case "POST /search/lag": {
      if (world.lagSearch === undefined) throw new Error("This tracker's searches do not lag.");
      const { ms } = readBody(request);
      if (typeof ms !== "number" || ms < 0) throw new Error('"ms" must be a number of milliseconds.');
      world.lagSearch(ms);
      return json(204);
    }
    case "POST /labels/rename": {
      const body = readBody(request);
      world.renameLabel(text(body["source"], "source"), text(body["from"], "from"), text(body["to"], "to"));
      return json(204);
    }
  }
  const id = single?.[1] === undefined ? null : decodeURIComponent(single[1]);
  if (id === null) return json(404, { error: `Unknown control call: ${call}` });
  switch (`${request.method} ${single?.[2] ?? ""}`) {
    case "PATCH ":
      return json(200, world.edit(id, readBody(request) as Partial<WorldFields>));
    case "DELETE ":
      world.delete(id);
      return json(204);
    case "GET comments":
      if (world.comments === undefined) throw new Error("This emulator does not show its comments.");
      return json(200, { comments: world.comments(id) });
    case "POST comments":
      world.comment(id, text(readBody(request)["body"], "body"));
      return json(201, {});
    case "POST move":
      if (world.move === undefined) throw new Error("This tracker moves no issues.");
      world.move(id, text(readBody(request)["source"], "source"));
      return json(204);
    case "POST malform": {
      const how = readBody(request)["how"];
      if (how !== null && how !== "missing-field" && how !== "wrong-type")
        throw new Error('"how" must be "missing-field", "wrong-type" or null.');
      world.malform(id, how);
      return json(204);
    }
    case "POST archive": {
      if (world.archive === undefined) throw new Error("This tracker has no archive.");
      const how = readBody(request)["how"];
      if (how !== null && how !== "archived" && how !== "trashed")
        throw new Error('"how" must be "archived", "trashed" or null.');
      world.archive(id, how);
      return json(204);
    }
    default:
      return json(404, { error: `Unknown control call: ${call}` });
  }
}

const faultKinds: readonly Fault["kind"][] = [
  "rate-limit",
  "secondary-limit",
  "server-error",
  "slow",
  "held",
  "trickle",
  "reset",
  "truncate",
  "malformed-json",
  "revoked",
  "no-limit-headers",
  "echo",
  "clock-skew",
  "drop",
  "lost-answer",
  "error-after",
  "renamed-field",
];

/** JSON has no Infinity: `times: null` lasts until the faults are cleared. */
function parseFault(body: Record<string, unknown>): Fault {
  const kind = faultKinds.find((one) => one === body["kind"]);
  if (kind === undefined) throw new Error(`"kind" must be one of ${faultKinds.join(", ")}.`);
  const times = body["times"];
  return {
    kind,
    times: times === null ? Number.POSITIVE_INFINITY : typeof times === "number" ? times : 1,
    ...(typeof body["method"] === "string" ? { method: body["method"] } : {}),
    ...(typeof body["path"] === "string" ? { path: body["path"] } : {}),
    ...(typeof body["body"] === "string" ? { body: body["body"] } : {}),
    ...(typeof body["after"] === "number" ? { after: body["after"] } : {}),
    ...(typeof body["value"] === "number" ? { value: body["value"] } : {}),
    ...(typeof body["field"] === "string" ? { field: body["field"] } : {}),
    ...(body["status"] === 403 || body["status"] === 429 ? { status: body["status"] } : {}),
  };
}

function readBody(request: WireRequest): Record<string, unknown> {
  const value: unknown = JSON.parse(request.body === "" ? "{}" : request.body);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("The body must be a JSON object.");
  return value as Record<string, unknown>;
}

function text(value: unknown, name: string): string {
  if (typeof value !== "string") throw new Error(`"${name}" must be a string.`);
  return value;
}

function json(status: number, value?: unknown): WireReply {
  if (value === undefined) return { status, body: "" };
  return { status, headers: { "Content-Type": "application/json; charset=utf-8" }, body: JSON.stringify(value) };
}
