import type { HttpPolicy } from "../http/http-client.ts";
import { parseServerAddress } from "../http/server-address.ts";
import { readFailure } from "./errors.ts";

export const defaultServer = "https://rally1.rallydev.com";

/** The path of the API below the server's address; there is only this version. */
export const servicePath = "/slm/webservice/v2.0";

/** The service for webhooks, next to the Web Services API. https://rally1.rallydev.com/apps/pigeon/docs/webhooks */
export const webhooksPath = "/apps/pigeon/api/v2/webhook";

export const rallyHttp: HttpPolicy = {
  tracker: "rally",
  label: "Rally",
  secretValues: ["apiKey"],
  // Rally processes about twelve requests per user at once and queues the rest; a third is left to the user's browser.
  concurrency: 8,
  baseUrl: (values) =>
    parseServerAddress(values["server"] || defaultServer, { tracker: "rally", example: defaultServer })
      // Users copy the URL of the service or of a page.
      .replace(/\/(?:slm|login)(?:\/.*)?$/i, ""),
  headers: (values) => ({
    zsessionid: (values["apiKey"] ?? "").trim(),
    accept: "application/json",
    "x-rallyintegrationname": "Panopticon",
    "x-rallyintegrationvendor": "Panopticon",
  }),
  /** That service accepts the key only as a cookie. https://github.com/xmatters/xm-labs-CA-Agile-Central-Rally */
  headersBelow: (values) => ({ [webhooksPath]: { cookie: `ZSESSIONID=${(values["apiKey"] ?? "").trim()}` } }),
  fileHosts(values) {
    const { origin } = new URL(rallyHttp.baseUrl(values));
    return [
      { origin, path: "/slm/attachment/", login: true },
      { origin, path: "/slm/profile/image/", login: true },
    ];
  },
  // Rally has no quota and states no budget.
  readBudget: () => null,
  readFailure,
};
