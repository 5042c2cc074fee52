import type { z } from "zod";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../http/http-client.ts";
import { parseBody } from "../http/parse-body.ts";
import { createSharedAsking } from "../../domain/shared-asking.ts";
import { Field, ServerInfo } from "./schema.ts";

const tracker = "jira";

/** The kind of Jira. */
export type Site = {
  readonly isCloud: boolean;
  readonly api: "/rest/api/3" | "/rest/api/2";
  /** The website's base URL: `https://site.atlassian.net`, even if the API is used through the gateway. */
  readonly webUrl: string;
};

/** Ids of the custom fields that are read; they differ between instances. */
export type CustomFields = {
  readonly sprints: readonly string[];
  readonly points: readonly string[];
  readonly epicLinks: readonly string[];
};

export type JiraCalls = ReturnType<typeof createJiraCalls>;

/** Calls Jira's API by path, for Cloud and Data Center; detects once which of the two it is. */
export function createJiraCalls(given: HttpClient) {
  /** How far the server's clock is ahead of this machine's. */
  let aheadMs = 0;
  const http: HttpClient = {
    ...given,
    async request(request) {
      const response = await given.request(request);
      if (response.serverTime !== null) aheadMs = response.serverTime - response.requestedAt;
      return response;
    },
  };
  // Shared, because several projects are described at the same time.
  const share = createSharedAsking();
  const once = <T>(name: string, ask: (signal?: AbortSignal) => Promise<T>) => {
    let known: T | undefined;
    return async (signal?: AbortSignal, fresh = false): Promise<T> => {
      if (known === undefined || fresh) known = await share(name, ask, signal);
      return known;
    };
  };

  const getSite = once("site", async (signal): Promise<Site> => {
    const response = await http.request({ url: "/rest/api/2/serverInfo", signal }).catch((error: unknown) => {
      if (!isPanopticonError(error) || (error.code !== "not_found" && error.code !== "invalid_response")) throw error;
      // Not the original error: a proxy's temporary error page looks the same as a wrong address.
      throw new PanopticonError("unreachable", `No Jira found at ${http.baseUrl}.`, {
        tracker,
        hint: "Set JIRA_URL to https://SITE.atlassian.net, or to the address of your Data Center with its context path, such as https://HOST/jira.",
        request: error.request,
        cause: error,
      });
    });
    const info = parse(ServerInfo, response, "serverInfo");
    const isCloud = info.deploymentType === "Cloud";
    return {
      isCloud,
      api: isCloud ? "/rest/api/3" : "/rest/api/2",
      webUrl: (URL.canParse(info.baseUrl) ? info.baseUrl : http.baseUrl).replace(/\/+$/, ""),
    };
  });

  const getCustomFields = once("fields", async (signal): Promise<CustomFields> => {
    const fields = parse(Field.array(), await get("/field", {}, signal), "field");
    const kind = (name: string) => fields.filter(({ schema }) => schema?.custom === name).map(({ id }) => id);
    return {
      sprints: kind("com.pyxis.greenhopper.jira:gh-sprint"),
      points: [
        ...fields
          .filter(({ name, schema }) => name === "Story Points" && schema?.custom?.endsWith(":float"))
          .map(({ id }) => id),
        ...kind("com.pyxis.greenhopper.jira:jsw-story-points"),
      ],
      epicLinks: kind("com.pyxis.greenhopper.jira:gh-epic-link"),
    };
  });

  function parse<T>(schema: z.ZodType<T>, response: HttpResponse, what: string): T {
    return parseBody(schema, response.body, { tracker, what });
  }

  async function get(
    path: string,
    query: NonNullable<HttpRequest["query"]>,
    signal: AbortSignal | undefined,
    accept: readonly number[] = [],
  ): Promise<HttpResponse> {
    const { api } = await getSite(signal);
    return http.request({ url: api + path, query, signal, accept });
  }

  /** Sends a read-only POST. */
  async function ask(path: string, body: unknown, signal: AbortSignal | undefined): Promise<HttpResponse> {
    const { api } = await getSite(signal);
    return http.request({ method: "POST", url: api + path, body, signal, idempotent: true });
  }

  /** Sends a write, once. */
  async function send(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    options: Pick<HttpRequest, "query" | "body" | "accept"> & { readonly signal: AbortSignal | undefined },
  ): Promise<HttpResponse> {
    const { api } = await getSite(options.signal);
    return http.request({ ...options, method, url: api + path });
  }

  return {
    http,
    share,
    /** Converts this machine's time to the server's. */
    toServer: (localMs: number) => localMs + aheadMs,
    getSite,
    getCustomFields,
    parse,
    get,
    ask,
    send,
  };
}
