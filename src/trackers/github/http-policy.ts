import type { HttpPolicy } from "../http/http-client.ts";
import { parseServerAddress } from "../http/server-address.ts";
import { readBudget, readFailure } from "./errors.ts";

export const defaultServer = "https://api.github.com";

export const githubHttp: HttpPolicy = {
  tracker: "github",
  secretValues: ["token"],
  // GitHub's secondary limit allows 100 at once over all of the user's programs; reading needs few.
  concurrency: 6,
  baseUrl(values) {
    const address = parseServerAddress(values["server"] || defaultServer, {
      tracker: "github",
      example: "https://api.github.com, or https://HOST/api/v3 for GitHub Enterprise",
    });
    return /^https:\/\/(www\.)?github\.com$/i.test(address) ? defaultServer : address;
  },
  headers: (values) => ({
    authorization: `Bearer ${(values["token"] ?? "").trim()}`,
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
  }),
  readBudget,
  readFailure,
};

/** The name of the website for an API address: `https://api.github.com` → `github.com`, `https://HOST/api/v3` → `HOST`. */
export function webHost(server: string): string {
  const host = URL.parse(server)?.hostname.toLowerCase() ?? "";
  return host.replace(/^api\./, "");
}
