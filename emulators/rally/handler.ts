import type { HookRegistry } from "../server/hook-registry.ts";
import type { WireHandler, WireReply } from "../server/http-server.ts";
import type { ActiveFaults } from "../server/fault-list.ts";
import type { Access } from "./access.ts";
import { createBusyness } from "./busy.ts";
import { hookRoutes, pigeonPath } from "./hook-routes.ts";
import { operationReply } from "./replies.ts";
import { route } from "./routes.ts";
import { servicePath } from "./wire.ts";
import type { WriteRouteContext } from "./write-request.ts";
import { routeWrite } from "./writes.ts";

const slowDown = "Too many requests. Please try again later.";

/** The front end of every call: the key, and the limit on a user's concurrent requests. */
export function createHandler(
  parts: Omit<WriteRouteContext, "account"> & { readonly access: Access; readonly hooks: HookRegistry },
): WireHandler {
  const { access, hooks, ...context } = parts;
  const busyMs = createBusyness();
  return (request, faults) => {
    const isHooks = request.path === pigeonPath || request.path.startsWith(`${pigeonPath}/`);
    // The webhook service accepts the key only as a cookie. https://github.com/xmatters/xm-labs-CA-Agile-Central-Rally
    const account = faults.has("revoked") ? null : access.identify(request, isHooks ? "cookie" : "header");
    if (account === null) return operationReply(["Not authorized to perform action: Invalid key"], 401);
    const limited = limit(faults);
    if (limited !== null) return limited;
    if (isHooks) return hookRoutes({ state: context.state, hooks, account }, request);
    if (!request.path.startsWith(`${servicePath}/`)) {
      return { status: 404, headers: { "Content-Type": "text/html" }, body: "<html><body>Not Found</body></html>" };
    }
    const isRead = request.method === "GET";
    if (!isRead && account.isReadOnly) return operationReply(["Not authorized to perform action: Invalid key"], 401);
    const path = decodeURIComponent(request.path.slice(servicePath.length)).replace(/\.js$/, "");
    const reply = (isRead ? route : routeWrite)({ ...context, account }, request, path);
    return { ...reply, delayMs: busyMs(account.key) };
  };
}

/** Rally has no quota, but its front end may still ask to slow down. */
function limit(faults: ActiveFaults): WireReply | null {
  const fault = faults.get("rate-limit") ?? faults.get("secondary-limit");
  if (!fault) return null;
  const seconds = fault.value ?? (fault.kind === "rate-limit" ? 60 : undefined);
  const reply = operationReply([slowDown], 429);
  if (seconds === undefined || faults.has("no-limit-headers")) return reply;
  return { ...reply, headers: { ...reply.headers, "Retry-After": String(seconds) } };
}
