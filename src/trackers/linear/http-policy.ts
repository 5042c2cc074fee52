import type { HttpPolicy } from "../http/http-client.ts";
import { parseServerAddress } from "../http/server-address.ts";
import { readBudget, readFailure } from "./errors.ts";

export const defaultServer = "https://api.linear.app/graphql";

export const linearHttp: HttpPolicy = {
  tracker: "linear",
  label: "Linear",
  secretValues: ["apiKey"],
  concurrency: 4,
  baseUrl(values) {
    const address = parseServerAddress(values["server"] || defaultServer, {
      tracker: "linear",
      example: defaultServer,
    });
    return new URL(address).pathname === "/" ? `${address}/graphql` : address;
  },
  headers: (values) => ({
    authorization: authorization((values["apiKey"] ?? "").trim()),
    accept: "application/json",
  }),
  /** https://linear.app/developers/file-storage-authentication: the same header as for the API. */
  fileHosts(values) {
    const { origin, href } = new URL(linearHttp.baseUrl(values));
    if (href === defaultServer) return [{ origin: "https://uploads.linear.app", login: true }];
    return [
      { origin, path: "/uploads/", login: true },
      { origin, path: "/avatars/", login: false },
    ];
  },
  readBudget,
  readFailure,
};

/** Sends personal keys as they are, OAuth tokens as bearer. https://linear.app/developers/graphql#authentication */
function authorization(key: string): string {
  const bare = key.replace(/^Bearer\s+/i, "");
  return bare.startsWith("lin_api_") ? bare : `Bearer ${bare}`;
}
