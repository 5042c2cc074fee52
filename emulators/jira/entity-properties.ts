import type { WireReply, WireRequest } from "../server/http-server.ts";
import { readRecord } from "./changes.ts";
import type { Properties } from "./records.ts";
import { errorReply, jsonReply, replies } from "./replies.ts";
import { done } from "./write-issues.ts";

/**
 * `…/properties` and `…/properties/{key}` of an issue or comment. Writing them keeps update times.
 * https://developer.atlassian.com/cloud/jira/platform/jira-entity-properties/
 */
export function entityProperties(
  request: WireRequest,
  about: { readonly properties: Properties; readonly self: string; readonly mayWrite: boolean },
  parts: readonly string[],
): WireReply {
  const { properties, self, mayWrite } = about;
  const [key, ...rest] = parts;
  if (rest.length > 0) return replies.deadLink();
  if (key === undefined) {
    if (request.method !== "GET") return replies.deadLink();
    return jsonReply(200, {
      keys: [...properties.keys()].map((one) => ({ self: `${self}/properties/${one}`, key: one })),
    });
  }
  const value = properties.get(key);
  const missing = () => errorReply(404, [`The property with key '${key}' does not exist.`]);
  if (request.method === "GET") return value === undefined ? missing() : jsonReply(200, { key, value });
  if (!mayWrite) return errorReply(403, ["You do not have the permission to write this property."]);
  if (request.method === "DELETE") return properties.delete(key) ? done() : missing();
  if (request.method !== "PUT") return replies.deadLink();
  const written = readRecord(request.body);
  if (written === null || key.length > 255) return replies.badPayload();
  properties.set(key, written);
  return jsonReply(value === undefined ? 201 : 200, {});
}
