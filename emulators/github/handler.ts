import { hash } from "node:crypto";
import type { ActiveFaults } from "../server/fault-list.ts";
import type { HookRegistry } from "../server/hook-registry.ts";
import type { WireHandler, WireReply, WireRequest } from "../server/http-server.ts";
import type { Access, Account } from "./access.ts";
import type { Limits } from "./limits.ts";
import type { RouteContext } from "./route-context.ts";
import type { SecondaryLimits } from "./secondary-limits.ts";
import { docs, jsonReply, messageReply } from "./replies.ts";
import { route } from "./routes.ts";
import type { GitHubState } from "./state.ts";
import type { Wire } from "./wire.ts";

const apiVersions = ["2022-11-28", "2026-03-10"];

/** The front end of api.github.com, applied to every call: user agent, credentials, limits, versions, ETags. */
export function createHandler(parts: {
  readonly state: GitHubState;
  readonly wire: Wire;
  readonly access: Access;
  readonly limits: Limits;
  readonly secondaryLimits: SecondaryLimits;
  readonly origin: string;
  readonly hooks: HookRegistry;
}): WireHandler {
  const { access, limits } = parts;
  let requestNumber = 0;

  return (request, faults) => {
    requestNumber += 1;
    const reply = answer(request, faults);
    const headers: Record<string, string> = {
      "Content-Type": "application/json; charset=utf-8",
      "X-GitHub-Media-Type": "github.v3; format=json",
      "X-GitHub-Request-Id": `EMUL:${requestNumber.toString(16).toUpperCase()}`,
      Server: "github.com",
      ...reply.headers,
    };
    if (faults.has("no-limit-headers")) {
      for (const name of Object.keys(headers)) {
        if (/^(x-ratelimit-|retry-after$)/i.test(name)) delete headers[name];
      }
    }
    return { ...reply, headers };
  };

  function answer(request: WireRequest, faults: ActiveFaults): WireReply {
    if ((request.headers["user-agent"] ?? "") === "") {
      return {
        status: 403,
        headers: { "Content-Type": "text/html" },
        body: "\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check https://developer.github.com for other possible causes.\r\n",
      };
    }
    const account = faults.has("revoked") ? null : access.identify(request);
    if (account === null) return messageReply(401, "Bad credentials", docs.root);

    const asked = request.headers["x-github-api-version"] ?? "2022-11-28";
    if (!apiVersions.includes(asked)) {
      return messageReply(400, `"${asked}" is not a supported version of the GitHub API.`, docs.root);
    }
    // Enterprise servers have the API below /api/v3.
    const path = request.path.replace(/^\/api\/v3(?=\/|$)/, "");
    const resource = path.startsWith("/search/") ? "search" : "core";
    const refused = limits.refuse(account, resource, faults);
    if (refused) return refused;
    if (path === "/rate_limit") return withAccount(account, jsonReply(200, limits.overview(account)), resource);
    const overdrawn = limits.spend(account, resource);
    if (overdrawn) return overdrawn;
    const hasty = parts.secondaryLimits.spend(account, { method: request.method, path });
    if (hasty) return withAccount(account, hasty, resource);

    const context: RouteContext = { ...parts, account, version: asked };
    const reply = route(context, request, path);
    return withAccount(account, conditional(account, request, reply, resource), resource, asked);
  }

  /** Responds with 304 if the ETag still matches, and refunds the request. */
  function conditional(
    account: Account,
    request: WireRequest,
    reply: WireReply,
    resource: "core" | "search",
  ): WireReply {
    if (reply.status !== 200 || request.method !== "GET") return reply;
    const etag = `W/"${hash("sha1", `${account.token}\n${reply.body}`)}"`;
    const headers = {
      ...reply.headers,
      ETag: etag,
      "Cache-Control": "private, max-age=60, s-maxage=60",
      Vary: "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With",
    };
    const known = (request.headers["if-none-match"] ?? "").split(/\s*,\s*/);
    if (!known.includes(etag) && !known.includes(etag.slice(2))) return { ...reply, headers };
    limits.refund(account, resource);
    return { status: 304, headers, body: "" };
  }

  function withAccount(account: Account, reply: WireReply, resource: "core" | "search", version?: string): WireReply {
    return {
      ...reply,
      headers: {
        ...(account.user === null || account.issues !== null
          ? {}
          : { "X-OAuth-Scopes": account.scopes.join(", "), "X-Accepted-OAuth-Scopes": "repo" }),
        ...(account.issues === null ? {} : { "X-Accepted-GitHub-Permissions": "issues=read; issues=write" }),
        ...limits.headers(account, resource),
        ...(version === undefined ? {} : { "X-GitHub-Api-Version-Selected": version }),
        ...reply.headers,
      },
    };
  }
}
