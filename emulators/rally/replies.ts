import type { WireReply } from "../server/http-server.ts";

const version = { _rallyAPIMajor: "2", _rallyAPIMinor: "0" };

export function jsonReply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireReply {
  return {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

/** A list, or errors; errors have status 200. */
export function queryReply(result: {
  readonly results?: readonly unknown[];
  readonly total?: number;
  readonly start?: number;
  readonly pageSize?: number;
  readonly errors?: readonly string[];
  readonly warnings?: readonly string[];
}): WireReply {
  return jsonReply(200, {
    QueryResult: {
      ...version,
      Errors: result.errors ?? [],
      Warnings: result.warnings ?? [],
      TotalResultCount: result.total ?? 0,
      StartIndex: result.start ?? 1,
      PageSize: result.pageSize ?? 20,
      Results: result.results ?? [],
    },
  });
}

/** The result of a write: `CreateResult` with the object, or `OperationResult` with the object or a collection's members; errors have status 200. */
export function writeReply(
  kind: "CreateResult" | "OperationResult",
  result: { readonly errors?: readonly string[]; readonly warnings?: readonly string[]; readonly more?: object },
): WireReply {
  return jsonReply(200, {
    [kind]: { ...version, Errors: result.errors ?? [], Warnings: result.warnings ?? [], ...result.more },
  });
}

/** The failure of a call for one object. */
export function operationReply(errors: readonly string[], status = 200): WireReply {
  return jsonReply(status, { OperationResult: { ...version, Errors: errors, Warnings: [] } });
}
