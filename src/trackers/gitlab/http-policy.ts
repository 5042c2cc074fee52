import type { HttpPolicy } from "../http/http-client.ts";
import { parseServerAddress } from "../http/server-address.ts";
import { readBudget, readFailure } from "./errors.ts";

export const defaultServer = "https://gitlab.com";

const apiPath = "/api/v4";

export const gitlabHttp: HttpPolicy = {
  tracker: "gitlab",
  secretValues: ["token"],
  // gitlab.com counts requests by the minute, not those at once; a small server of one's own is to stay usable.
  concurrency: 4,
  baseUrl(values) {
    const address = parseServerAddress(values["server"] || defaultServer, {
      tracker: "gitlab",
      example: "https://gitlab.com, or https://HOST (with its path, if it lies below one) for a server of your own",
    });
    return webBase(address) + apiPath;
  },
  headers: (values) => ({ ...credentialsOf((values["token"] ?? "").trim()), accept: "application/json" }),
  /** Uploads come through the API, which takes the token; people's faces are public. */
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

/** The address of GitLab's pages, from that of the API or of the pages themselves. */
export function webBase(address: string): string {
  return address.replace(/\/+$/, "").replace(/\/api(\/v\d+|\/graphql)?$/, "");
}
