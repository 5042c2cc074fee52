import type { HttpPolicy } from "../http/http-client.ts";
import { parseServerAddress } from "../http/server-address.ts";
import { readBudget, readFailure } from "./errors.ts";

export const jiraHttp: HttpPolicy = {
  tracker: "jira",
  label: "Jira",
  secretValues: ["apiKey"],
  // Cloud limits bursts per endpoint, and a Data Center is a self-hosted server.
  concurrency: 4,
  baseUrl(values) {
    const address = parseServerAddress(values["server"] ?? "", {
      tracker: "jira",
      example:
        "https://SITE.atlassian.net; for Data Center its address with the context path, such as https://HOST/jira; for a token with scopes https://api.atlassian.com/ex/jira/CLOUD_ID",
    });
    // Users copy the URL of a board; the API is at the root of every site.
    return isSite(address) ? new URL(address).origin : address.replace(/\/rest(\/.*)?$/, "");
  },
  headers: (values) => ({
    authorization: authorization((values["email"] ?? "").trim(), (values["apiKey"] ?? "").trim()),
    accept: "application/json",
    // Cloud returns the names of statuses, resolutions, types and fields in the account's language, and here they are recognized by name. Data Center has no
    // such header (https://jira.atlassian.com/browse/JRASERVER-74088). https://github.com/faros-ai/airbyte-connectors/blob/main/sources/jira-source/src/jira.ts
    "accept-language": "en",
    "x-force-accept-language": "true",
  }),
  /**
   * Attachments are below the API or `/secure/`, avatars below either. Cloud redirects to its own store with a signed URL.
   * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/
   */
  fileHosts(values) {
    const { origin, pathname } = new URL(jiraHttp.baseUrl(values));
    const context = pathname.replace(/\/$/, "");
    const own = [`${context}/rest/api/`, `${context}/secure/`].map((path) => ({ origin, path, login: true }));
    return isCloud(origin) ? [...own, { origin: "https://api.media.atlassian.com", login: false }] : own;
  },
  readBudget,
  readFailure,
};

function isSite(address: string): boolean {
  return /^https:\/\/[^/]+\.(atlassian\.net|jira\.com)(\/|$)/i.test(address);
}

function isCloud(origin: string): boolean {
  return isSite(origin) || origin === "https://api.atlassian.com";
}

/**
 * Cloud takes e-mail and API token as basic authentication, Data Center only a personal access token.
 * https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/
 */
function authorization(email: string, apiKey: string): string {
  const token = apiKey.replace(/^Bearer\s+/i, "");
  return email === "" ? `Bearer ${token}` : `Basic ${Buffer.from(`${email}:${token}`, "utf8").toString("base64")}`;
}
