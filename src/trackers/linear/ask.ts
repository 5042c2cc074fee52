import type { z } from "zod";
import type { HttpClient } from "../http/http-client.ts";
import { fieldOf, parseBody } from "../http/parse-body.ts";

export type Answer<T> = { readonly data: T; readonly requestedAt: number; readonly serverTime: number | null };

export type Document = { readonly document: string };

/** Sends GraphQL documents and validates the responses. Throws the errors of `errors.ts`, and `invalid_response`. */
export function createAsk(http: HttpClient) {
  async function send<T>(
    operation: Document,
    variables: Readonly<Record<string, unknown>>,
    shape: z.ZodType<T>,
    { idempotent, signal }: { readonly idempotent: boolean; readonly signal: AbortSignal | undefined },
  ): Promise<Answer<T>> {
    const response = await http.request({
      method: "POST",
      url: "",
      body: { query: operation.document, variables },
      idempotent,
      signal,
    });
    const data = fieldOf(response.body, "data");
    const what = /^(?:query|mutation) (\w+)/.exec(operation.document)?.[1] ?? "query";
    const parsed = parseBody(shape, data, { tracker: "linear", what });
    return { data: parsed, requestedAt: response.requestedAt, serverTime: response.serverTime };
  }

  return {
    /** Sends a query; retried after a lost response. */
    ask: <T>(
      query: Document,
      variables: Readonly<Record<string, unknown>>,
      shape: z.ZodType<T>,
      signal: AbortSignal | undefined,
    ) => send(query, variables, shape, { idempotent: true, signal }),

    /** Sends a mutation, once. */
    change: <T>(
      mutation: Document,
      variables: Readonly<Record<string, unknown>>,
      shape: z.ZodType<T>,
      signal: AbortSignal | undefined,
    ) => send(mutation, variables, shape, { idempotent: false, signal }),
  };
}
