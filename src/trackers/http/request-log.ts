import createDebug from "debug";
import type { BudgetReading } from "./http-client.ts";
import type { Mask } from "./mask.ts";

type RequestLine = {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  /** The status, or what went wrong. */
  readonly outcome: number | string;
  readonly ms: number;
  readonly budget: BudgetReading | null;
};

/** Writes every request that was sent, with secrets masked. */
export type RequestLog = (line: RequestLine) => void;

/** `DEBUG=<tracker>` turns it on; `write` replaces the output. */
export function createRequestLog(tracker: string, mask: Mask, write?: (line: string) => void): RequestLog {
  const debug = createDebug(tracker);
  return (line) => {
    if (write === undefined && !debug.enabled) return;
    const text = mask(format(line));
    if (write) write(text);
    else debug("%s", text);
  };
}

function format(line: RequestLine): string {
  const { budget } = line;
  const left = budget?.remaining == null ? "" : `, ${budget.remaining} of ${budget.limit ?? "?"} left`;
  const head = `${line.method} ${line.url} → ${line.outcome} in ${Math.round(line.ms)} ms${left}`;
  // A query in the address cannot be read there: it is percent-encoded.
  const query = URL.parse(line.url)?.searchParams.get("query");
  const parts = [head, query ? `query ${query}` : "", line.body === undefined ? "" : formatBody(line.body)];
  return parts.filter((part) => part !== "").join("\n");
}

/** A GraphQL body is shown as its query and variables, anything else as JSON. */
function formatBody(body: unknown): string {
  if (typeof body === "object" && body !== null && "query" in body && typeof body.query === "string") {
    const variables = "variables" in body ? `\nvariables ${JSON.stringify(body.variables)}` : "";
    return `${body.query.trim()}${variables}`;
  }
  return JSON.stringify(body);
}
