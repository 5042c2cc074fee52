import type { HttpPolicy } from "../http/http-client.ts";
import { parseServerAddress } from "../http/server-address.ts";
import { readBudget, readFailure } from "./errors.ts";

export const defaultServer = "https://gitlab.com";

const apiPath = "/api/v4";

export const gitlabHttp: HttpPolicy = {
  tracker: "gitlab",
  label: "GitLab",
  secretValues: ["token"],
  // gitlab.com limits requests per minute, not concurrent ones; a small self-hosted server should stay usable.
  concurrency: 4,
  baseUrl(values) {
    const address = parseServerAddress(values["server"] || defaultServer, {
      tracker: "gitlab",
      example: "https://gitlab.com, or https://HOST (with its path, if it lies below one) for a server of your own",
    });
    return webBase(address) + apiPath;
  },
  headers: (values) => ({ ...credentialsOf((values["token"] ?? "").trim()), accept: "application/json" }),
  /** Uploads are opened through the API, which accepts the token; avatars are public. */
  fileHosts(values) {
    const { origin, pathname } = new URL(gitlabHttp.baseUrl(values));
    const below = pathname.slice(0, -apiPath.length);
    return [
      { origin, path: `${below}${apiPath}/projects/`, login: true },
      { origin, path: `${below}/-/project/`, login: true },
      { origin, path: `${below}/uploads/-/system/`, login: false },
    ];
  },
  readBudget,
  readFailure,
};

/** OAuth tokens are 64 hexadecimal digits; personal ones have a prefix that an administrator may change. https://docs.gitlab.com/api/rest/authentication/ */
function credentialsOf(token: string): Record<string, string> {
  return /^[0-9a-f]{64}$/i.test(token) ? { authorization: `Bearer ${token}` } : { "private-token": token };
}

/** The website's base URL, from the API's URL or its own. */
export function webBase(address: string): string {
  return address.replace(/\/+$/, "").replace(/\/api(\/v\d+|\/graphql)?$/, "");
}
