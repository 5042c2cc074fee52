import type { WireReply } from "../server/http-server.ts";

/** GitLab's responses other than records. Grape's errors use `error`, GitLab's helpers use `message`. */
export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): WireReply {
  return { status, headers, body: JSON.stringify(body) };
}

export const unauthorized = (): WireReply => jsonReply(401, { message: "401 Unauthorized" });

export const projectNotFound = (): WireReply => jsonReply(404, { message: "404 Project Not Found" });

export const notFound = (what = ""): WireReply =>
  jsonReply(404, { message: what === "" ? "404 Not found" : `404 ${what} Not Found` });

/** The response to an unknown path. */
export const noRoute = (): WireReply => jsonReply(404, { error: "404 Not Found" });

export const forbidden = (): WireReply => jsonReply(403, { message: "403 Forbidden" });

/** Grape's validation errors, all in one sentence. */
export const badRequest = (problems: readonly string[]): WireReply => jsonReply(400, { error: problems.join(", ") });

export const notAllowed = (error: string): WireReply => jsonReply(405, { error });

export function insufficientScope(wanted: readonly string[]): WireReply {
  return jsonReply(403, {
    error: "insufficient_scope",
    error_description: "The request requires higher privileges than provided by the access token.",
    scope: wanted.join(" "),
  });
}

export function revokedToken(): WireReply {
  return jsonReply(401, {
    error: "invalid_token",
    error_description: "Token was revoked. You have to re-authorize from the user.",
  });
}

export function movedPermanently(location: string): WireReply {
  return {
    status: 301,
    headers: { Location: location, "Content-Type": "text/plain" },
    body: `This resource has been moved permanently to ${location}.`,
  };
}

/** A model's validation errors by field; null if there are none. */
export function invalidRecord(problems: Readonly<Record<string, readonly string[]>>): WireReply | null {
  return Object.keys(problems).length === 0 ? null : jsonReply(400, { message: problems });
}

/** A refusal in GitLab's own words. */
export const refused = (status: number, message: string): WireReply => jsonReply(status, { message });
