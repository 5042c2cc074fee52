import type { HttpPolicy } from "../http/http-client.ts";
import { parseServerAddress } from "../http/server-address.ts";
import { readFailure } from "./errors.ts";

export const defaultServer = "https://rally1.rallydev.com";

/** What follows the server's address; the only version there is. */
export const servicePath = "/slm/webservice/v2.0";

/** The service for webhooks, beside the Web Services API. https://rally1.rallydev.com/apps/pigeon/docs/webhooks */
export const webhooksPath = "/apps/pigeon/api/v2/webhook";

export const rallyHttp: HttpPolicy = {
  tracker: "rally",
  secretValues: ["apiKey"],
  // Rally answers about twelve of a user's requests at once and lets the others wait; a third of them are left to the browser that the user has open.
  concurrency: 8,
  baseUrl: (values) =>
    parseServerAddress(values["server"] || defaultServer, { tracker: "rally", example: defaultServer })
      // People copy the address of the service, or of the page they are on.
      .replace(/\/(?:slm|login)(?:\/.*)?$/i, ""),
  headers: (values) => ({
    zsessionid: (values["apiKey"] ?? "").trim(),
    accept: "application/json",
    "x-rallyintegrationname": "Panopticon",
    "x-rallyintegrationvendor": "Panopticon",
  }),
  /** There the key counts as a cookie alone. https://github.com/xmatters/xm-labs-CA-Agile-Central-Rally */
  headersBelow: (values) => ({ [webhooksPath]: { cookie: `ZSESSIONID=${(values["apiKey"] ?? "").trim()}` } }),
  fileHosts(values) {
    const { origin } = new URL(rallyHttp.baseUrl(values));
    return [
      { origin, path: "/slm/attachment/", login: true },
      { origin, path: "/slm/profile/image/", login: true },
    ];
  },
  // Rally has no quota and says nothing about what is left.
  readBudget: () => null,
  readFailure,
};
