import { createSharedAsking } from "../../../domain/shared-asking.ts";
import { isPanopticonError, PanopticonError } from "../../../domain/error.ts";
import type { HttpClient, HttpResponse } from "../../http/http-client.ts";
import { parseBody } from "../../http/parse-body.ts";
import type { RallyClient } from "../client.ts";
import { artifactFields } from "../fields.ts";
import { servicePath } from "../http-policy.ts";
import type { Learned } from "../learned.ts";
import * as schema from "../schema.ts";

export const readOnlyKey = "The API key is read-only.";
export const newKeyHint =
  "Create one with full access under API Keys in Rally's login settings, and set RALLY_API_KEY.";

/** An object's attributes in wire format. */
export type Attributes = Readonly<Record<string, unknown>>;

export type WriteClient = ReturnType<typeof createWriteClient>;

/**
 * The writes, each one request that is never retried. `type` is a type's path: `defect`, `portfolioitem/feature`. Errors in responses, including warnings about
 * ignored fields, are thrown by the HTTP policy.
 */
export function createWriteClient(http: HttpClient, client: RallyClient, learned: Learned) {
  // Shared, because several projects of a workspace are described at the same time.
  const share = createSharedAsking();

  async function send(
    method: "POST" | "DELETE",
    path: string,
    options: {
      readonly workspace: string;
      readonly body?: unknown;
      readonly fetch?: readonly string[];
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<HttpResponse> {
    try {
      return await http.request({
        method,
        url: `${servicePath}/${path}`,
        query: { workspace: `/workspace/${options.workspace}`, fetch: options.fetch?.join(",") },
        ...(options.body === undefined ? {} : { body: options.body }),
        signal: options.signal,
      });
    } catch (error) {
      throw await orReadOnly(error, options.signal);
    }
  }

  /** Rally refuses a read-only key as if it were invalid. */
  async function orReadOnly(error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (!isPanopticonError(error) || error.code !== "auth") return error;
    try {
      await client.fetchUser(signal);
    } catch (other) {
      if (isPanopticonError(other)) return error;
      throw other;
    }
    learned.mayWrite = false;
    return new PanopticonError("forbidden", readOnlyKey, {
      tracker: "rally",
      request: error.request,
      hint: newKeyHint,
      cause: error,
    });
  }

  function objectOf(response: HttpResponse, what: string): unknown {
    return parseBody(schema.Written, response.body, { tracker: "rally", what }).Object;
  }

  return {
    /** Creates an object; returns the fetched fields. */
    async create(
      type: string,
      attributes: Attributes,
      options: {
        readonly workspace: string;
        readonly fetch?: readonly string[];
        readonly signal: AbortSignal | undefined;
      },
    ): Promise<{ readonly object: unknown; readonly requestedAt: number }> {
      const response = await send("POST", `${type}/create`, {
        fetch: artifactFields,
        ...options,
        body: { [type]: attributes },
      });
      return { object: objectOf(response, `new ${type}`), requestedAt: response.requestedAt };
    },

    /** Changes an object; a `VersionId` among the attributes makes it conditional. */
    async update(
      type: string,
      oid: string,
      attributes: Attributes,
      options: {
        readonly workspace: string;
        readonly fetch?: readonly string[];
        readonly signal: AbortSignal | undefined;
      },
    ): Promise<{ readonly object: unknown; readonly requestedAt: number }> {
      const response = await send("POST", `${type}/${oid}`, {
        fetch: artifactFields,
        ...options,
        body: { [type]: attributes },
      });
      if ("VersionId" in attributes) learned.takesVersions = !warnsOfVersion(response.body);
      return { object: objectOf(response, type), requestedAt: response.requestedAt };
    },

    /** Adds members to a collection or removes them, so that concurrent additions of others survive. */
    async changeCollection(
      item: { readonly type: string; readonly oid: string; readonly workspace: string },
      collection: string,
      action: "add" | "remove",
      refs: readonly string[],
      signal: AbortSignal | undefined,
    ): Promise<void> {
      await send("POST", `${item.type}/${item.oid}/${collection}/${action}`, {
        workspace: item.workspace,
        body: { CollectionItems: refs.map((ref) => ({ _ref: ref })) },
        signal,
      });
    },

    async remove(type: string, oid: string, workspace: string, signal: AbortSignal | undefined): Promise<void> {
      await send("DELETE", `${type}/${oid}`, { workspace, signal });
    },

    /** Updates an item that cannot exist: the refusal tells whether the key may write. Throws `not_found` if it may. */
    async touchNothing(workspace: string, signal: AbortSignal | undefined): Promise<void> {
      const body = { hierarchicalrequirement: {} };
      const touch = (own?: AbortSignal) => send("POST", "hierarchicalrequirement/0", { workspace, body, signal: own });
      await share(workspace, touch, signal);
    },
  };
}

/** A server without conditional writes ignores the version and warns about it. */
function warnsOfVersion(body: unknown): boolean {
  return /Ignored JSON element [\w./]*\.VersionId\b/.test(JSON.stringify(body));
}
