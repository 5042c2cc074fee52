import { hash } from "node:crypto";
import type { ActiveFaults } from "../server/fault-list.ts";
import type { HookRegistry } from "../server/hook-registry.ts";
import type { WireHandler, WireReply, WireRequest } from "../server/http-server.ts";
import type { Access, Account } from "./access.ts";
import type { Edition } from "./edition.ts";
import { answerGraphql } from "./graphql/answer.ts";
import type { Limits } from "./limits.ts";
import { insufficientScope, jsonReply, noRoute, revokedToken, unauthorized } from "./replies.ts";
import { route } from "./routes.ts";
import type { GitLabState } from "./state.ts";
import { createWire, type Wire } from "./wire.ts";

const readingScopes = ["api", "read_api"];
const writingScopes = ["api"];
/** More tokens may read the user than the rest of the API; any token may ask about itself. */
const userScopes = ["api", "read_user", "read_api"];

/** GitLab's front end, applied to every call: credentials, limits, scopes, ETags. */
export function createHandler(parts: {
  readonly state: GitLabState;
  readonly access: Access;
  readonly limits: Limits;
  readonly edition: Edition;
  readonly hooks: HookRegistry;
  readonly origin: string;
}): WireHandler {
  const { state, access, limits, edition, hooks, origin } = parts;
  const wires = new Map<string, Wire>();
  let requestNumber = 0;

  return (request, faults) => {
    requestNumber += 1;
    const reply = answer(request, faults);
    const headers: Record<string, string> = {
      "Content-Type": "application/json",
      "X-Request-Id": `EMULATOR${requestNumber.toString(16).toUpperCase()}`,
      "X-Gitlab-Meta": '{"correlation_id":"emulator","version":"1"}',
      "X-Content-Type-Options": "nosniff",
      Vary: "Origin",
      ...reply.headers,
    };
    if (faults.has("no-limit-headers")) {
      for (const name of Object.keys(headers)) if (/^(ratelimit-|retry-after$)/i.test(name)) delete headers[name];
    }
    return { ...reply, headers };
  };

  function answer(request: WireRequest, faults: ActiveFaults): WireReply {
    const place = /^(.*?)\/(api\/v4|api\/graphql|oauth\/token\/info)(\/.*)?$/.exec(request.path);
    if (place === null || !request.path.startsWith(`${edition.below}/`)) {
      return { status: 404, headers: { "Content-Type": "text/html" }, body: "<h1>404: Page Not Found</h1>" };
    }
    const [, prefix = "", kind = "", rest = ""] = place;
    const account = access.identify(request);
    if (account === null || account === "refused") {
      return kind === "api/graphql" && account !== null
        ? jsonReply(401, { errors: [{ message: "Invalid token" }] })
        : unauthorized();
    }
    if (faults.has("revoked")) return revokedToken();
    const refused = limits.refuse(account, faults) ?? limits.spend(account);
    if (refused) return refused;
    const wire = wireFor(origin + prefix);
    return withLimits(account, conditional(request, call({ account, wire, prefix, kind, rest }, request)));
  }

  function call(
    about: { account: Account; wire: Wire; prefix: string; kind: string; rest: string },
    request: WireRequest,
  ): WireReply {
    const { account, wire, prefix, kind, rest } = about;
    if (kind === "oauth/token/info") return rest === "" ? tokenInfo(account) : noRoute();
    const isReading = request.method === "GET" || kind === "api/graphql";
    const wanted = rest === "/user" ? userScopes : isReading ? readingScopes : writingScopes;
    const mayAsk = rest === "/personal_access_tokens/self" || account.scopes.some((scope) => wanted.includes(scope));
    if (!mayAsk) return insufficientScope(wanted);
    if (kind === "api/graphql") {
      if (request.method !== "POST") return noRoute();
      return answerGraphql({ state, account, wire, age: edition.age, isFree: edition.isFree }, request);
    }
    return route({ state, wire, account, edition, hooks, api: `${origin}${prefix}/api/v4` }, request, rest);
  }

  function wireFor(base: string): Wire {
    const known = wires.get(base) ?? createWire(state, base);
    wires.set(base, known);
    return known;
  }

  /** Responds with 304 if the ETag still matches. The request counts like any other. */
  function conditional(request: WireRequest, reply: WireReply): WireReply {
    if (reply.status !== 200 || request.method !== "GET" || reply.content !== undefined) return reply;
    const etag = `W/"${hash("md5", reply.body)}"`;
    const headers = { ...reply.headers, ETag: etag, "Cache-Control": "max-age=0, private, must-revalidate" };
    return request.headers["if-none-match"] === etag ? { status: 304, headers, body: "" } : { ...reply, headers };
  }

  function withLimits(account: Account, reply: WireReply): WireReply {
    return edition.tellsBudget ? { ...reply, headers: { ...limits.headers(account), ...reply.headers } } : reply;
  }
}

/** An OAuth token's details; Doorkeeper does not know personal tokens. */
function tokenInfo(account: Account): WireReply {
  if (account.kind !== "oauth") {
    return jsonReply(401, { error: "invalid_request", error_description: "The access token is invalid" });
  }
  return jsonReply(200, {
    resource_owner_id: account.user.id,
    scope: account.scopes,
    expires_in: 6_800,
    application: { uid: "glab" },
    created_at: 1_795_000_000,
  });
}
