import { getCookie } from "hono/cookie";
import type { Context, MiddlewareHandler } from "hono";
import { PanopticonError } from "../../domain/error.ts";
import { isApiPath } from "../request/api-path.ts";
import type { ServerEnv } from "../env.ts";
import { isUpgrade, setHeader } from "../request/outgoing-header.ts";
import { problemResponse } from "../problem.ts";
import { readCaller } from "./caller.ts";
import { routeKey } from "../request/route-key.ts";
import { checkOrigin, checkSender } from "./request-checks.ts";
import { dataPolicy, securityHeaders } from "./security-headers.ts";
import type { Session } from "./session.ts";
import { otherSitePage, signInPage } from "./sign-in-page.ts";

/** What a request must present, in addition to the checks of `Host`, `Origin` and `Sec-Fetch-Site` that every request passes. */
export type Door =
  /** Nothing. */
  | "open"
  /** The session: token or cookie. */
  | "session"
  /** The session for a browser; nothing for a program. */
  | "program"
  /** Its own secret, which the route checks. Also available under the public address, but not to browsers. */
  | "webhook"
  /** The session, or the address that creates it; a browser without it is told how to get in. */
  | "page";

/** The door of every route. Missing routes are refused, and a test finds them. */
export const routeDoors: Readonly<Record<string, Door>> = {
  "GET /api/health": "open",
  "GET /api/openapi.json": "open",
  "POST /api/:tracker/validate": "program",
  "POST /api/sign-in-address": "session",
  "GET /api/board": "session",
  "GET /api/groups": "session",
  "GET /api/issues": "session",
  "GET /api/issues/:ref": "session",
  "POST /api/issues": "session",
  "PATCH /api/issues/:ref": "session",
  "POST /api/issues/bulk": "session",
  "GET /api/issues/:ref/moves": "session",
  "GET /api/issues/:ref/comments": "session",
  "GET /api/issues/:ref/history": "session",
  "POST /api/issues/:ref/comments": "session",
  "PATCH /api/issues/:ref/comments/:id": "session",
  "DELETE /api/issues/:ref/comments/:id": "session",
  "POST /api/issues/:ref/relations": "session",
  "DELETE /api/issues/:ref/relations/:id": "session",
  "POST /api/undo": "session",
  "GET /api/outbox": "session",
  "POST /api/outbox/:id/retry": "session",
  "POST /api/outbox/:id/drop": "session",
  "POST /api/outbox/:id/close": "session",
  "POST /api/outbox/:id/resolve": "session",
  "GET /api/shadow": "session",
  "POST /api/shadow/send": "session",
  "POST /api/shadow/drop": "session",
  "GET /api/workspaces": "session",
  "POST /api/workspaces": "session",
  "GET /api/workspaces/:id": "session",
  "DELETE /api/workspaces/:id": "session",
  "GET /api/workspaces/:id/log": "session",
  "GET /api/workspaces/:id/changes": "session",
  "GET /api/workspaces/:id/state": "session",
  "POST /api/workspaces/:id/request": "session",
  "DELETE /api/workspaces/:id/request": "session",
  "GET /api/agents": "session",
  "POST /api/agents": "session",
  "GET /api/agent-profiles": "session",
  "GET /api/agents/:id": "session",
  "POST /api/agents/:id/message": "session",
  "POST /api/agents/:id/stop": "session",
  "POST /api/agents/:id/resume": "session",
  "GET /api/agents/:id/log": "session",
  "GET /api/agents/:id/screen": "session",
  "GET /api/agents/:id/attach": "session",
  "GET /api/agents/:id/terminal": "session",
  "GET /api/dispatch": "session",
  "POST /api/dispatch": "session",
  "GET /api/form": "session",
  "GET /api/facets": "session",
  "GET /api/files": "session",
  "GET /api/trackers": "session",
  "POST /api/trackers/:tracker/sync": "session",
  "PATCH /api/trackers/:tracker/credentials": "session",
  "GET /api/sources": "session",
  "GET /api/projects": "session",
  "POST /api/projects": "session",
  "GET /api/projects/:id": "session",
  "PATCH /api/projects/:id": "session",
  "DELETE /api/projects/:id": "session",
  "GET /api/projects/:id/states": "session",
  "PUT /api/projects/:id/states": "session",
  "POST /api/projects/:id/states": "session",
  "GET /api/views": "session",
  "POST /api/views": "session",
  "PATCH /api/views/:id": "session",
  "DELETE /api/views/:id": "session",
  "GET /api/history": "session",
  "GET /api/events": "session",
  "POST /api/watch": "session",
  "POST /webhooks/:tracker": "webhook",
  "GET /*": "page",
};

/** The WebSocket routes; upgrades are refused elsewhere. */
const upgradeRoutes: ReadonlySet<string> = new Set(["GET /api/agents/:id/terminal"]);

export type DoorOptions = {
  readonly session: Session;
  readonly port: () => number;
  /** The host of `server.publicUrl` as in a `Host` header; null if there is none. */
  readonly publicHost: () => string | null;
};

/** The checks before every route. */
export function createDoors(options: DoorOptions): MiddlewareHandler<ServerEnv> {
  const { session, port } = options;
  function isSignedIn(c: Context<ServerEnv>): boolean {
    const authorization = c.req.header("authorization");
    if (authorization !== undefined) {
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      return token !== undefined && session.isToken(token);
    }
    const cookie = getCookie(c, session.cookieName(port()));
    return cookie !== undefined && session.isCookie(cookie);
  }

  return async (c, next) => {
    for (const [name, value] of Object.entries(securityHeaders)) setHeader(c, name, value);
    setHeader(c, "content-security-policy", dataPolicy);
    const key = routeKey(c);
    const door = getDoor(key, c.req.path);
    const origin = {
      method: c.req.method,
      host: c.req.header("host"),
      origin: c.req.header("origin"),
      fetchSite: c.req.header("sec-fetch-site"),
      fetchMode: c.req.header("sec-fetch-mode"),
    };
    const verdict =
      door === "webhook" ? checkSender(origin, port(), options.publicHost()) : checkOrigin(origin, port());
    if (verdict.kind === "refused") {
      if (door === "page" && isNavigation(c)) return otherSitePage();
      return problemResponse(new PanopticonError("forbidden", verdict.reason, { hint: verdict.hint }));
    }
    c.set("fromBrowser", verdict.kind === "browser");
    if (door === "page") {
      const written = c.req.query("token");
      if (written !== undefined) return signIn(c, written);
    }
    const signedIn = door !== "open" && door !== "webhook" && isSignedIn(c);
    c.set("signedIn", signedIn);
    c.set("by", readCaller({ ...options, port: port() }, c));
    if (isUpgrade(c) && !(signedIn && key !== undefined && upgradeRoutes.has(key))) {
      return problemResponse(
        signedIn ? new PanopticonError("invalid_input", "This address is not a WebSocket.") : notSignedIn(),
      );
    }
    if (door === "open" || door === "webhook" || signedIn) return next();
    if (door === "program" && verdict.kind === "program") return next();
    return door === "page" ? signInPage(false) : problemResponse(notSignedIn());
  };

  /** Exchanges the token of the printed address for the cookie, and removes it from the address. */
  function signIn(c: Context<ServerEnv>, written: string): Response {
    if (!session.isToken(written) && !session.takeCode(written)) return signInPage(true);
    const url = new URL(c.req.url);
    url.searchParams.delete("token");
    // Several slashes at the start would name another host.
    const path = url.pathname.replace(/^\/+/, "/");
    return new Response(null, {
      status: 303,
      headers: {
        location: `${path}${url.search}`,
        "set-cookie": session.setCookie(port()),
        "cache-control": "no-store",
      },
    });
  }
}

function getDoor(key: string | undefined, path: string): Door {
  if (key === undefined) return "session";
  if (key === "GET /*" && isApiPath(path)) return "session";
  const door = routeDoors[key];
  if (door !== undefined) return door;
  throw new PanopticonError("internal", `The route ${key} has no door and stays closed.`);
}

function isNavigation(c: Context<ServerEnv>): boolean {
  return c.req.method === "GET" && c.req.header("sec-fetch-mode") === "navigate";
}

function notSignedIn(): PanopticonError {
  return new PanopticonError("auth", "This request is not signed in.", {
    hint: "Send the token from server.json as “Authorization: Bearer …”, or open the address that `pan up` prints.",
  });
}
