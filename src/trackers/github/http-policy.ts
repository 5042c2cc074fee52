import type { FileHost, HttpPolicy } from "../http/http-client.ts";
import { parseServerAddress } from "../http/server-address.ts";
import { readBudget, readFailure } from "./errors.ts";
import { oldPictures, uploadPaths } from "./uploads.ts";

export const defaultServer = "https://api.github.com";

export const githubHttp: HttpPolicy = {
  tracker: "github",
  label: "GitHub",
  secretValues: ["token"],
  // GitHub's secondary limit allows 100 concurrent requests for all of the user's programs; reading needs few.
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
  fileHosts(values) {
    const base = new URL(githubHttp.baseUrl(values));
    if (base.href.startsWith(defaultServer)) return githubFiles;
    const host = webHost(base.href);
    const own: FileHost[] = [
      ...uploadPaths.map((path) => ({ origin: base.origin, path, login: true })),
      { origin: base.origin, path: "/avatars/", login: false },
    ];
    // An Enterprise server with subdomain isolation serves them from separate host names.
    const isolated = ["media", "avatars"].map((name) => ({ origin: `https://${name}.${host}`, login: false }));
    return base.protocol === "https:" ? [...own, ...isolated] : own;
  },
  readBudget,
  readFailure,
};

/** Attachments are at github.com, which redirects to stores with a signed URL. Classic tokens and those of `gh` also open the files of private repositories. */
const githubFiles: readonly FileHost[] = [
  ...uploadPaths.map((path) => ({ origin: "https://github.com", path, login: true })),
  { origin: oldPictures, login: false },
  ...[
    "private-user-images.githubusercontent.com",
    "objects.githubusercontent.com",
    "github-production-user-asset-6210df.s3.amazonaws.com",
    "github-production-repository-file-5c1aeb.s3.amazonaws.com",
  ].map((host) => ({ origin: `https://${host}`, login: false })),
];

/** The website's host name for an API URL: `https://api.github.com` → `github.com`, `https://HOST/api/v3` → `HOST`. */
export function webHost(server: string): string {
  const host = URL.parse(server)?.hostname.toLowerCase() ?? "";
  return host.replace(/^api\./, "");
}

/** The website's URL for an API URL, with its port: `https://HOST:8443/api/v3` → `https://HOST:8443`. */
export function webAddress(server: string): string {
  const { protocol = "https:", port = "" } = URL.parse(server) ?? {};
  return `${protocol}//${webHost(server)}${port === "" ? "" : `:${port}`}`;
}
