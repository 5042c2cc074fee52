import type { ActiveFaults } from "../server/fault-list.ts";
import type { WireHandler, WireReply, WireRequest } from "../server/http-server.ts";
import type { Access } from "./access.ts";
import { type Language, languageOf } from "./languages.ts";
import type { Limits } from "./limits.ts";
import { jsonReply, replies } from "./replies.ts";
import { route } from "./routes.ts";
import type { JiraState } from "./state.ts";
import { type Wire, wireTime } from "./wire.ts";

type Parts = {
  readonly state: JiraState;
  /** The wire format in each language. */
  readonly wires: Readonly<Record<Language, Wire>>;
  readonly access: Access;
  readonly limits: Limits;
  /** The path prefix in Data Center: `/jira`. */
  readonly contextPath: string;
};

/** Jira's front end: context path or gateway, credentials, limits. */
export function createHandler(parts: Parts): WireHandler {
  const { state, access, limits, contextPath } = parts;
  let requestNumber = 0;

  return (request, faults) => {
    requestNumber += 1;
    const reply = answer(request, faults);
    const headers: Record<string, string> = {
      "X-AREQUESTID": `emulator-${requestNumber}`,
      ...(state.edition === "cloud"
        ? { "Atl-Traceid": requestNumber.toString(16).padStart(32, "0") }
        : { "X-ANODEID": "node1" }),
      ...reply.headers,
    };
    if (faults.has("no-limit-headers")) {
      for (const name of Object.keys(headers)) if (/^(x-)?ratelimit-|^retry-after$/i.test(name)) delete headers[name];
    }
    return { ...reply, headers };
  };

  function answer(request: WireRequest, faults: ActiveFaults): WireReply {
    const isCloud = state.edition === "cloud";
    if (isCloud && request.path === "/_edge/tenant_info") return jsonReply(200, { cloudId: state.cloudId });
    const gateway = /^\/ex\/jira\/([^/]+)(\/.*)$/.exec(request.path);
    if (gateway !== null && (!isCloud || gateway[1] !== state.cloudId)) {
      return jsonReply(404, { code: 404, message: "No message available" });
    }
    if (!request.path.startsWith(contextPath)) return replies.deadLink();
    const path = gateway?.[2] ?? request.path.slice(contextPath.length);
    const account = faults.has("revoked") ? "failed" : access.identify(request, gateway === null ? "site" : "gateway");
    const isServerInfo = /^\/rest\/api\/(2|3|latest)\/serverInfo$/.test(path) && request.method === "GET";
    if (typeof account === "string") {
      if (account === "alone") return replies.tokenAlone();
      // Works without signing in; invalid credentials are only reported in a header.
      if (isServerInfo && account === "missing") return serverInfo();
      if (isServerInfo && isCloud && !faults.has("revoked")) {
        const reply = serverInfo();
        return { ...reply, headers: { ...reply.headers, "X-Seraph-LoginReason": "AUTHENTICATED_FAILED" } };
      }
      return isCloud ? replies.notSignedIn() : replies.badToken();
    }
    const refused = limits.spend(account, faults);
    if (refused) return refused;
    const wire = parts.wires[languageOf(request.headers, account.language)];
    const reply = isServerInfo ? serverInfo() : route({ ...parts, wire, account }, request, path);
    return {
      ...reply,
      headers: {
        "X-AACCOUNTID": account.user.accountId,
        "X-Seraph-LoginReason": "OK",
        ...limits.headers(account),
        ...reply.headers,
      },
    };
  }

  function serverInfo(): WireReply {
    const isCloud = state.edition === "cloud";
    return jsonReply(200, {
      baseUrl: state.baseUrl,
      ...(isCloud ? { displayUrl: state.baseUrl } : {}),
      version: isCloud ? "1001.0.0-SNAPSHOT" : "10.3.5",
      versionNumbers: isCloud ? [1001, 0, 0] : [10, 3, 5],
      deploymentType: isCloud ? "Cloud" : "Server",
      buildNumber: isCloud ? 100_290 : 10_030_005,
      buildDate: wireTime(Date.UTC(2026, 8, 1)),
      serverTime: wireTime(state.now()),
      scmInfo: "0000000000000000000000000000000000000000",
      serverTitle: "Harborline Jira",
    });
  }
}
